import type { Account, Captured, Identifier } from './contract.ts';

/** What is answered to: as it was captured. */
export interface Answered {
  channel: string;
  direction: string;
  participants: readonly { role: string; identifier: Identifier }[];
}

/** What somebody here answers to an interaction. */
export interface Answer {
  text: string;
  agent: { id: string; name: string };
  /** address of one of the account's webhooks, for what its source says of the answer later */
  webhookUrl(name: string): string;
}

/** Answers over the source itself. */
export interface Answering<Config = unknown> {
  /** Pure. Whether this can be answered. */
  possible(interaction: Answered): boolean;
  /**
   * Sends it once, and gives it as items that are captured like any other. Throws ConnectorError: 'reject' or 'stop', nothing was sent; 'retry',
   * it isn't known whether it was.
   */
  send(account: Account<Config>, interaction: Answered, answer: Answer): Promise<Captured[]>;
}
