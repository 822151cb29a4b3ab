import { useSyncExternalStore } from 'react';
import { topic } from '../api/topic.ts';
import { recall, remember } from '../ui/storage.ts';

/** What this browser has shown of each contact: until when everything was seen. */
type Marks = Record<string, string>;
const limit = 2000;
let marks: Marks = recall('read', {});
/** What happened before this browser first came here is not new. */
const since: string = recall('read-since', '') || new Date().toISOString();
remember('read-since', since);

const changes = topic();

/** Everything up to this instant has been read (ISO 8601), or was there before this browser came. */
export const readUntil = (contact: string): string => marks[contact] ?? since;

export const markRead = (contact: string, at: string): void => {
  if (at <= readUntil(contact)) return;
  const rest = Object.entries(marks).filter(([id]) => id !== contact);
  marks = Object.fromEntries([...rest, [contact, at]].slice(-limit));
  remember('read', marks);
  changes.tell();
};

export const useReadUntil = (contact: string): string => useSyncExternalStore(changes.on, () => readUntil(contact));
