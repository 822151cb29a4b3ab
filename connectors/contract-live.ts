import type { Account, Captured, Identifier, Part } from './contract.ts';

/** What a visitor's or an agent's program sent as one message of a live channel. */
export interface Said {
  /** the sender's own id of it: the same one again is the same message */
  id: string;
  kind: 'message' | 'note';
  text: string;
  parts: Part[];
  at: Date;
}

/** Who is at the other end of a live channel, as its connector found by what was sent when it was opened. */
export interface Visitor {
  /** what the visitor's browser must send to go on with the conversation: unguessable */
  session: string;
  /** source key of the conversation's interaction */
  conversation: string;
  /** how agents see the visitor */
  name: string;
  /** the connector's own: JSON-safe */
  about: unknown;
}

/** The pure part of a channel that people talk over live. The core holds the sockets, commits each message before it is acknowledged, and delivers. */
export interface LiveChannel<Config = unknown> {
  /** origins, besides our own, whose pages may connect */
  origins(config: Config): readonly string[];
  /** what a visitor is asked for before the first message */
  asks(config: Config): { name: boolean; email: boolean };
  /** Who it is. Throws ConnectorError ('reject') when what it says of itself is forged or too old. */
  greet(account: Account<Config>, hello: Readonly<Record<string, unknown>>, now: Date): Visitor;
  /**
   * A visitor who comes back to a conversation. `details`: of its interaction. Answers the visitor with what those say of them, or null when the conversation
   * is somebody else's: then a new one is begun. `isSame`: whether two identifiers recognise the same person.
   */
  resume(details: unknown, visitor: Visitor, isSame: (one: Identifier, other: Identifier) => boolean): Visitor | null;
  fromVisitor(visitor: Visitor, said: Said): Captured;
  fromAgent(conversation: { sourceKey: string }, agent: { id: string; name: string }, said: Said): Captured;
}
