import type { Connection, Model } from 'mongoose';
import { defineSchema, mixed, nullable, required } from './schema.ts';
import type { IdentifierValue } from './types.ts';

/** Two identifiers that a source says are one person's. */
export interface SuggestionDoc {
  /** from both identifiers */
  _id: string;
  /** normalised */
  identifiers: [IdentifierValue, IdentifierValue];
  /** a signed source said so: they are joined without asking */
  proven: boolean;
  /** account that said it */
  account: string;
  /** interaction or register event that it was said in */
  item: string;
  at: Date;
  state: 'open' | 'joined' | 'dismissed';
  /** why it could not be joined, in words */
  obstacle: string | null;
  decidedBy: string | null;
}

const schema = defineSchema<SuggestionDoc>(
  {
    _id: required(String),
    identifiers: [mixed],
    proven: required(Boolean),
    account: required(String),
    item: required(String),
    at: required(Date),
    state: required(String),
    obstacle: nullable(String),
    decidedBy: nullable(String),
  },
  [[{ state: 1, proven: 1, at: 1 }], [{ state: 1, at: -1, _id: -1 }]],
);

export const suggestionModel = (connection: Connection): Model<SuggestionDoc> =>
  connection.model<SuggestionDoc>('Suggestion', schema, 'suggestions');
