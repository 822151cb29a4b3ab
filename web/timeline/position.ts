import { recall, remember } from '../ui/storage.ts';

/** A reader's place: the entry at the top, and how far (px) it was scrolled past. Not a scroll position, which changes when more is loaded. */
export interface Place {
  id: string;
  offset: number;
}

const limit = 200;
type Places = [string, Place | null][];

/** The place at which the reader left this timeline; null: at its newest end; undefined: never opened. */
export const placeOf = (contact: string): Place | null | undefined =>
  recall<Places>('places', []).find(([id]) => id === contact)?.[1];

/** Remembers the reader's place in a timeline. */
export const savePlace = (contact: string, place: Place | null): void => {
  const others = recall<Places>('places', []).filter(([id]) => id !== contact);
  remember('places', [...others, [contact, place]].slice(-limit));
};
