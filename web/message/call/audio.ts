import { useSyncExternalStore } from 'react';
import { topic } from '../../api/topic.ts';
import { recall, remember } from '../../ui/storage.ts';

/** What one recording's player shows. */
export interface Playing {
  playing: boolean;
  /** seconds */
  time: number;
  duration: number | null;
  failed: boolean;
}

export const rates = [1, 1.25, 1.5, 2] as const;

const still: Playing = { playing: false, time: 0, duration: null, failed: false };
/** by address: where each was left */
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

/** One element for all of the page: one recording is heard at a time, also while its row is scrolled away. */
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
  player.play().catch(() => undefined); // the error event says it; a pause meanwhile is none
};

/** Goes to a place (seconds); plays on when it plays. */
export const seek = (source: string, seconds: number, limit: number | null = null): void => {
  const player = load(source);
  const end = Number.isFinite(player.duration) ? player.duration : (limit ?? Number.POSITIVE_INFINITY);
  player.currentTime = Math.max(0, Math.min(seconds, end));
  note({ time: player.currentTime });
};

/** Goes to a place and plays from there. */
export const playFrom = (source: string, seconds: number): void => {
  seek(source, seconds);
  if (audio?.paused) toggle(source);
};

/** The recording that was played last: play or pause, and a few seconds on or back. False: there is none. */
export const toggleCurrent = (): boolean => {
  if (current !== null) toggle(current);
  return current !== null;
};
export const skip = (seconds: number): void => {
  if (current !== null && audio) seek(current, audio.currentTime + seconds);
};

/** Stops what is heard: its timeline was left. */
export const hush = (): void => {
  audio?.pause();
  current = null;
};

export const setRate = (next: number): void => {
  rate = next;
  remember('rate', next);
  if (audio) {
    audio.defaultPlaybackRate = next;
    audio.playbackRate = next;
  }
  changes.tell();
};

export const usePlaying = (source: string): Playing =>
  useSyncExternalStore(changes.on, () => known.get(source) ?? still);
export const useRate = (): number => useSyncExternalStore(changes.on, () => rate);
