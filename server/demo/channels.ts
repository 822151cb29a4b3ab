import type { ChannelHistory, Scene } from '../../samples/index.ts';
import type { Client } from './client.ts';
import { fillChannels } from './fill.ts';
import { makePosting } from './posting.ts';
import { playOn } from './scenes.ts';
import { openSources } from './sources.ts';
import { type Talk, talkThrough } from './talk.ts';
import type { PlayedTwilio } from './twilio-api.ts';

/** What there is besides mail; made by samples/. */
export interface SampleChannels {
  history(now: Date): ChannelHistory;
  scenes(): Iterator<Scene, never>;
  /** our number */
  ours: string;
  /** who answers chats: the first one does while one watches */
  chatAgents: string[];
  twilio: PlayedTwilio;
}

export interface Tokens {
  administrator: string;
  /** of who answers chats */
  agent: string;
}

export interface ChannelDeps {
  client: Client;
  address: string;
  tokens: Tokens;
  wait?(n: number): number;
  signal: AbortSignal;
  log: { warn(data: object, message: string): void };
}

/** 6 to 18 s between scenes while somebody may be watching for the first time, then longer. */
const sceneWait = (n: number): number => (n < 40 ? 6000 + Math.random() * 12_000 : 40_000 + Math.random() * 80_000);
const stepWait = (): number => 1500 + Math.random() * 3000;

/** The other channels: their accounts, what lies there already when `history` is given, and the way to go on. */
export const openChannels = async (
  { twilio, ours, scenes, history, chatAgents }: SampleChannels,
  { client, address, tokens, wait, signal, log }: ChannelDeps,
) => {
  const sources = await openSources(client, { twilio, ownNumber: ours, chatAgents });
  const posting = makePosting({ address, sources, signal });
  const pause = wait ? () => wait(0) : stepWait;
  const talking = { address, account: sources.siteChat, agentToken: tokens.agent, signal, pause };
  const stage = {
    posting,
    twilio,
    ours,
    talk: (talk: Talk) => talkThrough(talk, talking),
    pause,
    signal,
  };
  return {
    fill: (now: Date, told: (step: string, data: object) => void) =>
      fillChannels(client, history(now), { posting, sources }, told),
    play: () => playOn(stage, scenes(), { wait: wait ?? sceneWait, log }),
  };
};
