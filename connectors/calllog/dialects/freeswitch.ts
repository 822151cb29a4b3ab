import { present } from '../../common/present.ts';
import { BadRecord, type Cdr } from '../types.ts';
import { type Reading, secondsOf, timesOf } from './types.ts';

type Node = Record<string, unknown>;

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);
const nodes = (value: unknown): Node[] => (Array.isArray(value) ? value : [value]).filter(isNode);

/** A value as text, percent-decoded where it is encoded (the switch does so unless `encode-values` is off). */
const plain = (value: unknown): string => {
  if (typeof value !== 'string' && typeof value !== 'number') return '';
  const text = String(value);
  if (!/%[0-9a-f]{2}/i.test(text)) return text.trim();
  try {
    return decodeURIComponent(text).trim();
  } catch {
    // not UTF-8: the caller's telephone sent its name in ISO 8859-1
    return text.replace(/%([0-9a-f]{2})/gi, (_, code) => String.fromCharCode(Number.parseInt(code, 16))).trim();
  }
};

const fieldOf =
  (node: Node) =>
  (name: string): string =>
    plain(node[name]);

/** The caller profile of the call as it came in. The profiles of what happened to it later (a transfer) stand before it. */
const profileOf = (cdr: Node): Node => {
  const flows = nodes(cdr.callflow);
  const first = flows.find(({ profile_index: index }) => String(index) === '1') ?? flows.at(-1);
  return nodes(first?.caller_profile)[0] ?? {};
};

/**
 * Caller profile of the leg that called this one (originator), or that this one called (originatee). In JSON it is in a list, in XML in one or several
 * elements, in some versions within another element.
 */
const otherOf = (profile: Node, role: 'originator' | 'originatee'): Node => {
  const other = nodes(profile[role])[0] ?? {};
  const profiles = nodes(other[`${role}_caller_profiles`] ?? other[`${role}_caller_profile`]);
  return nodes(profiles[0]?.[`${role}_caller_profile`])[0] ?? profiles[0] ?? {};
};

/** Variables that hold the uuid of the leg that began the call, in the order in which they are tried. */
const JOINS = [
  'call_uuid',
  'cc_member_session_uuid',
  'originating_leg_uuid',
  'other_loopback_from_uuid',
  'originator',
  'originate_signal_bond',
  'ent_originate_aleg_uuid',
];
/** Variables that both legs of a call have, each with the other's uuid. */
const BONDS = ['bridge_uuid', 'signal_bond'];

/** 'inbound' or 'outbound' as seen from the switch: a leg that the switch places itself is outbound, also one to an extension of ours. */
const directionOf = (cdr: Node, variable: (name: string) => string): string =>
  variable('direction') || plain(nodes(cdr.channel_data)[0]?.direction);

/**
 * Uuid of the leg that began the call. A variable that holds the leg's own uuid is no proof that it began the call, so others go first. A leg that was called,
 * and called nobody, belongs to the leg it was bridged with.
 */
const callOf = (cdr: Node, profile: Node, id: string, variable: (name: string) => string): string => {
  const joins = JOINS.map(variable).filter(value => value !== '');
  const said = joins.find(value => value !== id) || plain(otherOf(profile, 'originator').uuid) || joins[0];
  if (said) return said;
  const wasCalled = directionOf(cdr, variable) === 'outbound' && profile.originatee === undefined;
  return (wasCalled && BONDS.map(variable).find(value => value !== '')) || id;
};

/** Numbers that were called for a leg that the switch placed itself; undefined when it has no originatee, so nobody was called for it. */
const calledBy = (cdr: Node): string[] | undefined => {
  const profiles = nodes(cdr.callflow).flatMap(flow => nodes(flow.caller_profile));
  if (profiles.every(({ originatee }) => originatee === undefined)) return undefined;
  return profiles.map(profile => plain(otherOf(profile, 'originatee').destination_number)).filter(text => text !== '');
};

const IS_FILE = /\.[a-z0-9]{2,5}$/i;
const RECORDINGS = ['recording_file', 'record_file', 'cc_record_filename', 'record_path', 'record_name'];

const RECORDERS = /^(record|record_session|uuid_record)$/i;

/** The dialplan applications that ran in the call. In JSON a list; in XML elements whose attributes have the same names. */
const applicationsOf = (cdr: Node): { name: string; data: string }[] => {
  const log = nodes(cdr.app_log)[0] ?? {};
  return nodes(log.applications ?? log.application).map(one => ({
    name: plain(one.app_name),
    data: plain(one.app_data),
  }));
};

/** The file in a recorder's argument, which a maximum length may follow. */
const RECORDED = /^.*?\.[a-z0-9]{2,5}(?=\s|$)/i;

const recordedIn = (cdr: Node, variable: (name: string) => string): string[] => {
  const last = { name: variable('last_app'), data: variable('last_arg') };
  return [...applicationsOf(cdr), last]
    .filter(({ name }) => RECORDERS.test(name))
    .flatMap(({ data }) => RECORDED.exec(data)?.[0] ?? []);
};

const recordingsOf = (cdr: Node, variable: (name: string) => string): string[] | undefined => {
  const named = RECORDINGS.map(variable).filter(name => IS_FILE.test(name));
  const found = [...named, ...recordedIn(cdr, variable)];
  return found.length > 0 ? [...new Set(found)] : undefined;
};

/**
 * Whether nobody took the call although it counts as answered: a queue and a mailbox answer by themselves. mod_callcenter sets `cc_queue_answered_epoch` when
 * an agent takes the call: https://developer.signalwire.com/freeswitch/FreeSWITCH-Explained/Modules/mod_callcenter_1049389/
 */
const isUntaken = (variable: (name: string) => string): boolean => {
  const last = variable('last_app').toLowerCase();
  if (last === 'voicemail') return !/^(auth_only +)?check\b/i.test(variable('last_arg'));
  return last === 'callcenter' && variable('cc_queue_answered_epoch') === '';
};

/**
 * A time as text for `parseTime`: Unix milliseconds or seconds where the record has them, else local time, which needs the time zone. Undefined when it never
 * came to that.
 */
const momentOf = (variable: (name: string) => string, name: string): string | undefined => {
  const micros = variable(`${name}_uepoch`);
  const seconds = variable(`${name}_epoch`);
  if (/^[1-9]\d{12,}$/.test(micros)) return String(Math.floor(Number(micros) / 1000));
  if (/^[1-9]\d*$/.test(seconds)) return seconds;
  if (seconds === '0' || micros === '0') return undefined;
  return variable(`${name}_stamp`) || undefined;
};

/** Reads one leg from a record of mod_json_cdr, or of mod_xml_cdr parsed to an object. Throws BadRecord, whose message begins with the field's path. */
export const freeswitchCdr = (document: unknown, reading: Reading): Cdr => {
  const cdr = isNode(document) ? document : {};
  const variable = fieldOf(nodes(cdr.variables)[0] ?? {});
  const profile = profileOf(cdr);
  const caller = fieldOf(profile);
  const id = variable('uuid') || caller('uuid');
  if (id === '') throw new BadRecord('variables.uuid: it says no uuid.');
  const start = momentOf(variable, 'start');
  if (start === undefined) throw new BadRecord('variables.start_epoch: it says nothing of when the call began.');
  const answer = momentOf(variable, 'answer');
  const talk = secondsOf(variable('billsec'));
  const answered = (answer !== undefined || (talk ?? 0) > 0) && !isUntaken(variable);
  const seconds = secondsOf(variable('duration'));
  const call = callOf(cdr, profile, id, variable);
  const isPlaced = directionOf(cdr, variable) === 'outbound';
  return {
    ...timesOf({ start, answer, end: momentOf(variable, 'end'), seconds }, reading),
    ...present({
      id,
      call,
      fromName: caller('caller_id_name') || variable('caller_id_name') || undefined,
      durationSeconds: seconds,
      talkSeconds: talk,
      state: variable('hangup_cause').toLowerCase().replaceAll('_', ' ') || undefined,
      recordings: recordingsOf(cdr, variable),
      isPlaced: isPlaced || undefined,
      called: isPlaced && call === id ? calledBy(cdr) : undefined,
    }),
    from: [caller('caller_id_number'), variable('caller_id_number'), caller('ani'), variable('sip_from_user')].filter(
      text => text !== '',
    ),
    to: [caller('destination_number'), variable('destination_number'), variable('sip_to_user')].filter(
      text => text !== '',
    ),
    answered,
  };
};
