import type { Connection, Model } from 'mongoose';
import { defineSchema, required } from './schema.ts';

/** Who is recognised by what: `_id` is the identifier's key ('email:…', 'phone:…'), so two contacts can't have the same. */
export interface IdentifierDoc {
  _id: string;
  contact: string;
}

/** Other unique names: 'external:…' → contact, 'organisation:…', 'organisation-external:…' and 'domain:…' → organisation, 'user:…' → user, 'account:…' → account, 'answer:…' → what it became. */
export interface KeyDoc {
  _id: string;
  owner: string;
  /** of an answer: a hash of what was said to whom */
  said?: string;
}

const identifierSchema = defineSchema<IdentifierDoc>({ _id: required(String), contact: required(String) }, [
  [{ contact: 1 }],
]);
const keySchema = defineSchema<KeyDoc>({ _id: required(String), owner: required(String), said: String }, [
  [{ owner: 1 }],
]);

export const identifierModel = (connection: Connection): Model<IdentifierDoc> =>
  connection.model<IdentifierDoc>('Identifier', identifierSchema, 'identifiers');

export const keyModel = (connection: Connection): Model<KeyDoc> => connection.model<KeyDoc>('Key', keySchema, 'keys');
