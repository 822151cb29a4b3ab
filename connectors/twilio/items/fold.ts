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

/** Of a message: how many files it has, what it asks for. Of a call: `call` and `recordings`. */
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

/** The state that is further on says how it is; the other one fills what isn't known. */
const merged = (before: TwilioLeg | undefined, told: TwilioLeg): TwilioLeg => {
  if (!before) return told;
  const further = callRank(told.state ?? '') > callRank(before.state ?? '');
  const leg = further ? { ...before, ...told } : { ...told, ...before };
  const first = (times: (string | undefined)[]): string | undefined => times.filter(one => one !== undefined).sort()[0];
  const startedAt = first([before.startedAt, told.startedAt]);
  const answeredAt = first([before.answeredAt, told.answeredAt]);
  return { ...leg, ...(startedAt ? { startedAt } : {}), ...(answeredAt ? { answeredAt } : {}) };
};

/** As of a leg; a transcript has no state, and says nothing else. */
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
 * The call as one: Twilio says how long it was. Where it went on to others it was answered when one of them did, and the talk is theirs: the first leg
 * only waited with music until then, and nobody talked when none of them answered.
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

/** What a leg, a recording or a transcript makes of a call; a message's files and states change none of its details. */
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
