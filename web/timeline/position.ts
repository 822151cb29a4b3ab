import { recall, remember } from '../ui/storage.ts';

/** Where a reader was: the entry at the top and how far it was scrolled past. Never in pixels of the whole. */
export interface Place {
  id: string;
  offset: number;
}

const limit = 200;
type Places = [string, Place | null][];

/** Where the reader left this timeline; null: at its newest end; undefined: never been here. */
export const placeOf = (contact: string): Place | null | undefined =>
  recall<Places>('places', []).find(([id]) => id === contact)?.[1];

export const savePlace = (contact: string, place: Place | null): void => {
  const others = recall<Places>('places', []).filter(([id]) => id !== contact);
  remember('places', [...others, [contact, place]].slice(-limit));
};
