import { z } from 'zod';
import {
  type CallDetails,
  callSummary,
  emptyCall,
  type Leg,
  type Recording,
  withLeg,
  withRecording,
} from '../../common/call.ts';
import type { Folded, FoldedItem } from '../../contract.ts';
import { callRank, recordingRank } from '../words/states.ts';

/** Details of an interaction. Of a message: number of files, and its opt-out request. Of a call: `call` and `recordings`. */
export const detailsSchema = z.looseObject({
  files: z.number().optional(),
  optOut: z.string().optional(),
});

type TwilioLeg = Leg & { parent?: string };

type ToldRecording = Partial<Recording> & { externalId: string; state?: string };

interface Told {
  leg?: TwilioLeg;
  recording?: ToldRecording;
  hasFile?: boolean;
}

/** Merges two reports about a leg: the one with the later state wins, the other fills in what is missing. */
const merged = (before: TwilioLeg | undefined, told: TwilioLeg): TwilioLeg => {
  if (!before) return told;
  const further = callRank(told.state ?? '') > callRank(before.state ?? '');
  const leg = further ? { ...before, ...told } : { ...told, ...before };
  const first = (times: (string | undefined)[]): string | undefined => times.filter(one => one !== undefined).sort()[0];
  const startedAt = first([before.startedAt, told.startedAt]);
  const answeredAt = first([before.answeredAt, told.answeredAt]);
  return { ...leg, ...(startedAt ? { startedAt } : {}), ...(answeredAt ? { answeredAt } : {}) };
};

/** As `merged`, for a recording. A transcript has no state, so it only adds its text. */
const recordingTold = ({ recordings }: CallDetails, told: ToldRecording): ToldRecording => {
  const before = recordings.find(({ externalId }) => externalId === told.externalId) as ToldRecording | undefined;
  if (!before || !told.state || recordingRank(told.state) >= recordingRank(before.state ?? '')) return told;
  const known = Object.entries(before).filter(([, value]) => value !== null);
  return { ...told, ...Object.fromEntries(known) };
};

const talkOf = (others: readonly TwilioLeg[]): number | undefined => {
  const known = others.flatMap(({ talkSeconds }) => talkSeconds ?? []);
  return known.length > 0 ? known.reduce((sum, talk) => sum + talk, 0) : undefined;
};

/**
 * Totals of a call. Its duration is the first leg's. When it was connected to others, it counts as answered if one of them answered, and the talk time is
 * theirs: until then the first leg only waited, even if Twilio answered it.
 */
const asOne = (details: CallDetails): CallDetails => {
  const legs = details.call.legs as TwilioLeg[];
  const root = legs.find(({ parent }) => !parent);
  const others = legs.filter(({ parent }) => parent);
  const known = others.flatMap(({ answered }) => answered ?? []);
  const { call } = details;
  const answered = known.length > 0 ? known.includes(true) : (root?.answered ?? call.answered);
  const talk = talkOf(others) ?? root?.talkSeconds ?? call.talkSeconds;
  const talkSeconds = known.length > 0 && !answered ? 0 : talk;
  return {
    ...details,
    call: {
      ...call,
      durationSeconds: root?.durationSeconds ?? call.durationSeconds,
      answered,
      talkSeconds,
      spokenSeconds: talkSeconds,
    },
  };
};

const directionOf = ({ call: { legs } }: CallDetails, otherwise: string): string =>
  (legs as TwilioLeg[]).find(({ parent }) => !parent)?.direction ?? otherwise;

/** Adds a leg, a recording or a transcript to a call's details (see `Connector.fold`). Details of messages don't change. */
export const fold = (details: unknown, item: FoldedItem, part: number): Folded => {
  const told = (item.details ?? {}) as Told;
  if (item.channel !== 'call') return { details };
  let next = (details as Partial<CallDetails> | undefined)?.call ? (details as CallDetails) : emptyCall();
  if (told.leg) {
    const { leg } = told;
    const before = next.call.legs.find(({ externalId }) => externalId === leg.externalId) as TwilioLeg | undefined;
    next = asOne(withLeg(next, merged(before, leg)));
  }
  if (told.recording)
    next = withRecording(next, { ...recordingTold(next, told.recording), ...(told.hasFile ? { part } : {}) });
  return {
    details: next,
    ...(next.call.legs.length > 0 ? { summary: callSummary(next, directionOf(next, item.direction)) } : {}),
  };
};
