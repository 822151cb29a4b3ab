import { basename, extname } from 'node:path';
import type { ImportFile } from '../../contract.ts';
import type { Clock } from '../time.ts';
import type { Cdr } from '../types.ts';
import { isAudio } from './audio.ts';
import { makeTimed } from './timed.ts';

/** Finds the recordings of a leg. */
export interface Recordings {
  /** there are no audio files */
  isEmpty: boolean;
  of(cdr: Cdr): ImportFile[];
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
const UNIQUE_ID = /\d{9,11}\.\d+/g;
const LEAST = 4;

const stemOf = (name: string): string => basename(name, extname(name));
const lower = (name: string): string => basename(name.replaceAll('\\', '/')).toLowerCase();

/** Whether a piece of a file name may be an id: figures alone may be an extension, a number or a date as well. */
const isTelling = (piece: string): boolean => piece.length >= LEAST && /[a-z]/i.test(piece);

/** What in a file name may be the id of a call, in lower case: all of it, ids in the known forms (UUID, Asterisk's uniqueid), and its pieces with letters. */
const idsIn = (name: string): string[] => {
  const stem = stemOf(name);
  const pieces = stem.split(/[^A-Za-z0-9.:-]+/).filter(isTelling);
  return [...new Set([stem, ...pieces, ...(name.match(UUID) ?? []), ...(name.match(UNIQUE_ID) ?? [])])].map(id =>
    id.toLowerCase(),
  );
};

const add = (to: Map<string, ImportFile[]>, key: string, file: ImportFile): void => {
  const there = to.get(key);
  if (there) there.push(file);
  else to.set(key, [file]);
};

const isUnder = ({ name }: ImportFile, said: string): boolean => {
  const path = name.replaceAll('\\', '/').toLowerCase();
  return path.endsWith(said.replaceAll('\\', '/').toLowerCase()) || said.toLowerCase().endsWith(path);
};

/** Of several files with one name the one whose path fits `said`, else the first. */
const best = (files: readonly ImportFile[], said: string): ImportFile[] => {
  const fitting = files.filter(file => isUnder(file, said));
  return (fitting.length > 0 ? fitting : files).slice(0, 1);
};

/** Indexes the audio files among these by name, by the ids in their names, and by caller, called and time in their names. */
export const makeRecordings = (files: Iterable<ImportFile>, clock: Clock): Recordings => {
  const timed = makeTimed(clock);
  const byName = new Map<string, ImportFile[]>();
  const byStem = new Map<string, ImportFile[]>();
  const byId = new Map<string, ImportFile[]>();
  for (const file of files) {
    if (!isAudio(file.name)) continue;
    add(byName, lower(file.name), file);
    timed.add(file);
    add(byStem, stemOf(lower(file.name)), file);
    for (const id of idsIn(file.name)) add(byId, id, file);
  }
  const named = (said: string): ImportFile[] => {
    const name = lower(said);
    return best(byName.get(name) ?? byStem.get(name) ?? byStem.get(stemOf(name)) ?? [], said);
  };
  const withId = (id: string | undefined): ImportFile[] => {
    if (!id) return [];
    const own = byId.get(id.toLowerCase());
    if (own) return own;
    return (id.match(UNIQUE_ID) ?? []).flatMap(part => byId.get(part) ?? []);
  };
  return {
    isEmpty: byName.size === 0,
    of: cdr => {
      const { recordings = [], id, call } = cdr;
      const found = [...recordings.flatMap(named), ...withId(id), ...withId(call), ...timed.of(cdr)];
      return [...new Set(found)];
    },
  };
};
