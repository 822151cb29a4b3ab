import type { Leg } from '../../common/call.ts';
import type { Captured, Direction, Participant, Raw } from '../../contract.ts';
import { addressOf, isInside, isNobodys } from '../address.ts';
import { errorInWords } from '../words/errors.ts';
import { callRank, isOver, wasAnswered } from '../words/states.ts';

/** What a webhook or the API says about a call, or about a leg of one. */
export interface ToldCall {
  sid: string;
  /** SID of the call that this is a leg of */
  parent?: string | undefined;
  from: string;
  to: string;
  direction: Direction;
  state: string;
  /** when it reached this state */
  at: Date;
  /** `at` is when the callback arrived, which may be late and out of order */
  isArrival?: boolean;
  name?: string | undefined;
  /** in seconds, once the call is over */
  duration?: number | undefined;
  startedAt?: Date | undefined;
  endedAt?: Date | undefined;
  errorCode?: string | undefined;
  /** from another call's webhook, which doesn't say who takes part in this one, nor when it began and ended */
  secondHand?: boolean;
}

/** Source key of a call (see `Captured`). */
export const callKey = (sid: string): string => `call:${sid}`;

const participantsOf = ({ from, to, name }: ToldCall): Participant[] => {
  const [caller, called] = [addressOf(from), addressOf(to)];
  const role = (fallback: 'from' | 'to', inside: boolean) => (inside ? ('agent' as const) : fallback);
  return [
    ...(caller.identifier
      ? [{ role: role('from', isInside(caller)), identifier: caller.identifier, ...(name ? { name } : {}) }]
      : []),
    ...(called.identifier ? [{ role: role('to', isInside(called)), identifier: called.identifier }] : []),
  ];
};

const startOf = ({ startedAt, at, duration, state }: ToldCall): Date => {
  if (startedAt) return startedAt;
  return isOver(state) && duration ? new Date(at.getTime() - duration * 1000) : at;
};

/** Direction of a call. Twilio calls everything that reaches it inbound, also a call that one of us places from a browser or a SIP phone, which is outbound. */
const directionOf = ({ direction, from }: ToldCall): Direction =>
  direction === 'inbound' && isInside(addressOf(from)) ? 'outbound' : direction;

const legOf = (told: ToldCall): Leg & { parent?: string } => {
  const { sid, parent, from, to, state, at, isArrival, endedAt = at, duration, secondHand } = told;
  const answered = wasAnswered(state);
  const over = isOver(state);
  const times = {
    startedAt: startOf(told).toISOString(),
    ...(answered && !over && !isArrival ? { answeredAt: at.toISOString() } : {}),
    ...(over ? { endedAt: endedAt.toISOString() } : {}),
  };
  return {
    externalId: sid,
    ...(parent ? { parent } : {}),
    direction: directionOf(told),
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
    state,
    ...(secondHand ? {} : times),
    ...(answered === undefined ? {} : { answered }),
    ...(over && duration !== undefined ? { durationSeconds: duration, talkSeconds: answered ? duration : 0 } : {}),
  };
};

const unlinkedReasonOf = (direction: Direction, participants: readonly Participant[]): string => {
  if (direction !== 'inbound') return 'Nobody that was called can be recognised.';
  const isKnown = participants.some(({ role }) => role === 'from');
  return isKnown ? 'Nobody can be recognised by the caller’s number.' : 'The caller’s number is withheld.';
};

/**
 * Source key of the item: one for each state. The action of `<Dial>` reports the end of a call before its duration is known, and of the dialled leg only the
 * result: these get keys of their own, so that the full report isn't a duplicate.
 */
const observationKey = ({ sid, state, duration, secondHand }: ToldCall): string =>
  [
    callKey(sid),
    state,
    ...(isOver(state) && duration === undefined ? ['length-unknown'] : []),
    ...(secondHand ? ['second-hand'] : []),
  ].join(':');

/**
 * One report about a call as an item. It makes the call when there is none yet, else adds to it. A report about a leg waits for its call, since only the call
 * says who called whom.
 */
export const callItem = (told: ToldCall, raw?: Raw): Captured => {
  const { sid, parent, state, at, endedAt = at, errorCode } = told;
  const direction = directionOf(told);
  const root = parent ?? sid;
  const participants = participantsOf(told);
  const part = direction === 'inbound' ? 'from' : 'to';
  const party = participants.findIndex(({ role, identifier }) => role === part && !isNobodys(identifier));
  const error = errorInWords(errorCode);
  return {
    sourceKey: observationKey(told),
    kind: 'interaction',
    belongsTo: callKey(root),
    belongsToExternalId: root,
    orElse: parent ? 'wait' : 'create',
    ...(parent ? { standsFor: callKey(sid) } : {}),
    channel: 'call',
    direction,
    occurredAt: startOf(told),
    participants,
    parties: party < 0 ? [] : [party],
    unlinkedReason: unlinkedReasonOf(direction, participants),
    threadKeys: [],
    ...(parent ? {} : { status: { state, rank: callRank(state), at: endedAt, ...(error ? { error } : {}) } }),
    details: { leg: legOf(told) },
    parts: [],
    ...(raw ? { raw } : { revises: false }),
  };
};
