import { useSyncExternalStore } from 'react';
import { topic } from '../../api/topic.ts';
import { recall, remember } from '../../ui/storage.ts';

/** State of one recording's player. */
export interface Playing {
  playing: boolean;
  /** position in seconds */
  time: number;
  duration: number | null;
  failed: boolean;
}

/** Playback rates to choose from. */
export const rates = [1, 1.25, 1.5, 2] as const;

const still: Playing = { playing: false, time: 0, duration: null, failed: false };
/** state of each recording, by address */
const known = new Map<string, Playing>();
const changes = topic();
let audio: HTMLAudioElement | undefined;
let current: string | null = null;
let rate: number = recall<number>('rate', 1);

const note = (patch: Partial<Playing>): void => {
  if (current === null) return;
  known.set(current, { ...(known.get(current) ?? still), ...patch });
  changes.tell();
};

const follow = (): void => {
  if (!audio || audio.paused) return;
  note({ time: audio.currentTime });
  requestAnimationFrame(follow);
};

/** The page's only audio element: one recording plays at a time, also while its row is scrolled out of view. */
const element = (): HTMLAudioElement => {
  if (audio) return audio;
  const made = new Audio();
  made.preload = 'auto';
  made.addEventListener('loadedmetadata', () =>
    note({ duration: Number.isFinite(made.duration) ? made.duration : null }),
  );
  made.addEventListener('playing', follow);
  made.addEventListener('play', () => note({ playing: true, failed: false }));
  made.addEventListener('pause', () => note({ playing: false, time: made.currentTime }));
  made.addEventListener('seeked', () => note({ time: made.currentTime }));
  made.addEventListener('error', () => made.error && note({ playing: false, failed: true }));
  audio = made;
  return made;
};

const load = (source: string): HTMLAudioElement => {
  const player = element();
  if (current === source) return player;
  player.pause();
  note({ playing: false });
  current = source;
  player.src = source;
  player.defaultPlaybackRate = rate;
  player.playbackRate = rate;
  const { time } = known.get(source) ?? still;
  if (time > 0) player.currentTime = time;
  return player;
};

/** Plays a recording from where it was left, or pauses it. */
export const toggle = (source: string): void => {
  const player = load(source);
  if (!player.paused) {
    player.pause();
    return;
  }
  if (player.ended) player.currentTime = 0;
  player.play().catch(() => undefined); // the error event reports failures; a pause meanwhile isn't one
};

/** Moves to a position (seconds) without starting or pausing. */
export const seek = (source: string, seconds: number, limit: number | null = null): void => {
  const player = load(source);
  const end = Number.isFinite(player.duration) ? player.duration : (limit ?? Number.POSITIVE_INFINITY);
  player.currentTime = Math.max(0, Math.min(seconds, end));
  note({ time: player.currentTime });
};

/** Moves to a position and plays from there. */
export const playFrom = (source: string, seconds: number): void => {
  seek(source, seconds);
  if (audio?.paused) toggle(source);
};

/** Plays or pauses the recording that was played last. False when there is none. */
export const toggleCurrent = (): boolean => {
  if (current !== null) toggle(current);
  return current !== null;
};
/** Moves in the recording that was played last by some seconds, forward or back. */
export const skip = (seconds: number): void => {
  if (current !== null && audio) seek(current, audio.currentTime + seconds);
};

/** Stops playing, when its timeline is left. */
export const hush = (): void => {
  audio?.pause();
  current = null;
};

/** Sets the playback rate, and remembers it. */
export const setRate = (next: number): void => {
  rate = next;
  remember('rate', next);
  if (audio) {
    audio.defaultPlaybackRate = next;
    audio.playbackRate = next;
  }
  changes.tell();
};

/** State of the player of a recording (by address). */
export const usePlaying = (source: string): Playing =>
  useSyncExternalStore(changes.on, () => known.get(source) ?? still);
/** The playback rate. */
export const useRate = (): number => useSyncExternalStore(changes.on, () => rate);
