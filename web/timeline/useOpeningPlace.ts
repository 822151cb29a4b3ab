import { useEffect, useRef, useState } from 'react';
import { readUntil } from '../contacts/read.ts';
import { isUnread } from './last.ts';
import { type Place, placeOf } from './position.ts';
import type { Loaded } from './store.ts';
import { dayHeight } from './virtualizer.ts';

interface Opening {
  /** see StreamOptions.opening */
  opening: { key: string; offset: number } | null | undefined;
  firstUnread: string | undefined;
}

const most = 20;
const page = 200;

/** The first entry with something new since this browser last read the timeline; undefined when all was read. */
const unreadIn = (loaded: Loaded, read: string) => loaded.entries.find(entry => isUnread(entry, read));

const found = (loaded: Loaded, place: Place | null | undefined, read: string, last: boolean): Opening | 'older' => {
  const unread = unreadIn(loaded, read);
  const older = loaded.before !== null && !last;
  const reaches = loaded.entries.some(({ occurredAt }) => occurredAt <= read);
  if (unread && !reaches && older) return 'older';
  const firstUnread = unread?.id;
  if (place) {
    if (loaded.entries.some(({ id }) => id === place.id))
      return { opening: { key: place.id, offset: place.offset }, firstUnread };
    if (older) return 'older';
  }
  return { opening: firstUnread ? { key: 'unread', offset: -dayHeight } : null, firstUnread };
};

/** Decides once where a timeline opens: at the entry where it was left, else at the first unread one, else at the newest. */
export const useOpeningPlace = (
  contact: string,
  loaded: Loaded | undefined,
  keep: boolean,
  loadOlder: (limit: number) => Promise<number>,
): Opening => {
  const start = useRef({ place: keep ? placeOf(contact) : null, read: readUntil(contact), pages: 0 });
  const [opening, setOpening] = useState<Opening>({ opening: undefined, firstUnread: undefined });
  const waiting = opening.opening === undefined;
  useEffect(() => {
    if (!waiting || !loaded) return;
    const { place, read, pages } = start.current;
    const next = keep ? found(loaded, place, read, pages >= most) : { opening: null, firstUnread: undefined };
    if (next !== 'older') return setOpening(next);
    start.current.pages += 1;
    void loadOlder(page).then(count => {
      if (count === 0) start.current.pages = most;
    });
  }, [waiting, loaded, keep, loadOlder]);
  return opening;
};
