import { type CallDetails, callSummary, emptyCall, type Leg, withLeg, withRecording } from '../common/call.ts';
import { present } from '../common/present.ts';
import type { Captured, Folded, FoldedItem, Part, Raw } from '../contract.ts';
import { type Numbers, partiesOf } from './parties.ts';
import type { Cdr } from './types.ts';

const CHANNEL = 'call';
/** First word of a call's summary. A call is over when its log is written, so the summary needs no state. */
const LOGGED = 'Call';

/** Source keys of a leg and of the call it belongs to. */
export interface Keys {
  /** source key of the leg */
  leg: string;
  /** source key of the call */
  call: string;
}

/** Keys made of the switch's unique ids. A record without one gets `anonymous()`: a name made of the hash of its bytes and how often they came in the file. */
export const keysOf = ({ id, leg, call }: Cdr, anonymous: () => string): Keys => {
  const own = id === undefined ? anonymous() : [id, leg].filter(part => part !== undefined).join('/');
  const joined = call ?? id;
  return { leg: `leg/${own}`, call: joined === undefined ? `call/line/${own}` : `call/${joined}` };
};

/** Details of an item for `fold`: those of a leg, or of a recording. */
interface Told {
  leg?: Leg;
  recording?: { externalId: string; sha256?: string; durationSeconds?: number; channels?: number };
}

const iso = (date: Date | undefined): string | undefined => date?.toISOString();

const shownLeg = (cdr: Cdr, key: string, { direction, participants }: ReturnType<typeof partiesOf>): Leg => {
  const side = (wanted: string) => participants.find(({ role }) => role === wanted)?.identifier.value;
  return present({
    externalId: cdr.id ?? key,
    leg: cdr.leg,
    direction,
    from: side('from'),
    to: side('to'),
    state: cdr.state,
    startedAt: iso(cdr.startedAt),
    answeredAt: iso(cdr.answeredAt),
    endedAt: iso(cdr.endedAt),
    durationSeconds: cdr.durationSeconds,
    // where nobody took the call, the switch counts the time that the queue played music
    talkSeconds: cdr.answered === false && cdr.talkSeconds !== undefined ? 0 : cdr.talkSeconds,
    answered: cdr.answered,
  }) as Leg;
};

/**
 * A record as an item: a leg, which makes its call when it comes first. `locator`: the one that the record has (or had) in quarantine while it couldn't be
 * read.
 */
export const legItem = (
  cdr: Cdr,
  keys: Keys,
  { numbers, raw, locator }: { numbers: Numbers; raw: Raw; locator?: string },
): Captured => {
  const parties = partiesOf(cdr, numbers);
  const leg = shownLeg(cdr, keys.leg, parties);
  const externalId = cdr.call ?? cdr.id;
  const details: Told = { leg };
  return {
    sourceKey: keys.leg,
    kind: 'interaction',
    belongsTo: keys.call,
    ...(externalId === undefined ? {} : { belongsToExternalId: externalId }),
    orElse: 'create',
    ...(cdr.id === undefined ? {} : { externalId: cdr.id }),
    channel: CHANNEL,
    occurredAt: cdr.startedAt,
    threadKeys: [],
    parts: [],
    raw,
    ...(locator === undefined ? {} : { quarantinedAs: [locator] }),
    details,
    ...parties,
  };
};

/** An audio file, with its hash (hex SHA-256) and what its header says of it. */
export interface RecordingFile {
  part: Part;
  sha256: string;
  durationSeconds?: number;
  channels?: number;
}

/** An audio file as an item that belongs to the call of `leg`. It is keyed by its bytes: the same recording under another file name is a duplicate. */
export const recordingItem = (
  leg: Pick<Captured, 'direction' | 'occurredAt' | 'belongsTo'>,
  { part, sha256, durationSeconds, channels }: RecordingFile,
): Captured => {
  const { direction, occurredAt, belongsTo = '' } = leg;
  const externalId = part.name ?? sha256;
  const told: Told = {
    recording: {
      externalId,
      sha256,
      ...(durationSeconds === undefined ? {} : { durationSeconds }),
      ...(channels === undefined ? {} : { channels }),
    },
  };
  return {
    sourceKey: `recording/${belongsTo}/${sha256}`,
    kind: 'recording',
    belongsTo,
    channel: CHANNEL,
    direction,
    occurredAt,
    participants: [],
    threadKeys: [],
    parts: [part],
    quarantinedAs: [`file/${sha256}`],
    details: told,
  };
};

const byStart = (details: CallDetails): CallDetails => {
  const at = ({ startedAt = '' }: Leg) => startedAt;
  const legs = [...details.call.legs].sort((a, b) => (at(a) < at(b) ? -1 : Number(at(a) > at(b))));
  return { ...details, call: { ...details.call, legs } };
};

/** Direction of a whole call: that of its first leg with somebody outside, else internal. */
const wholeDirection = ({ call }: CallDetails): string =>
  call.legs.find(({ direction }) => direction !== 'internal')?.direction ?? 'internal';

/** A second file of the same name is another recording: it gets the hash of its bytes as id. */
const asRecording = (details: CallDetails, { sha256, ...told }: NonNullable<Told['recording']>, part: number) => {
  const isTaken = details.recordings.some(one => one.externalId === told.externalId && one.part !== null);
  return { ...told, part, externalId: isTaken && sha256 ? sha256 : told.externalId };
};

const grown = (details: CallDetails, { leg, recording }: Told, part: number): CallDetails => {
  if (leg) return byStart(withLeg(details, leg));
  if (recording) return withRecording(details, asRecording(details, recording, part));
  return details;
};

/** Whether these are a call's details. When a leg makes its call, the call's details are that leg's at first. */
const isCall = (details: unknown): details is CallDetails => Array.isArray((details as CallDetails | null)?.call?.legs);

/** The call began when its earliest leg did (legs arrive in any order). */
const beginning = ({ call }: CallDetails): Pick<Folded, 'occurredAt'> => {
  const [first] = call.legs.flatMap(({ startedAt }) => startedAt ?? []);
  return first === undefined ? {} : { occurredAt: new Date(first) };
};

/** Adds a leg or a recording to a call: its details, summary and start (see `Connector.fold`). */
export const fold = (details: unknown, item: FoldedItem, part: number): Folded => {
  const next = grown(isCall(details) ? details : emptyCall(), (item.details ?? {}) as Told, part);
  if (next.call.legs.length === 0) return { details: next };
  return { details: next, summary: callSummary(next, wholeDirection(next), LOGGED), ...beginning(next) };
};
