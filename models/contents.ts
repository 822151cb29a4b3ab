import type { Connection, Model } from 'mongoose';
import { defineSchema, required } from './schema.ts';

/** What an interaction says; never read by a list. Over 1 MB together: `overflow` names the blob with all of it, and the fields hold their first 256 KB. */
export interface ContentDoc {
  _id: string;
  text?: string;
  html?: string;
  headers?: string;
  overflow?: string;
}

const schema = defineSchema<ContentDoc>({
  _id: required(String),
  text: String,
  html: String,
  headers: String,
  overflow: String,
});

export const contentModel = (connection: Connection): Model<ContentDoc> =>
  connection.model<ContentDoc>('Content', schema, 'contents');
