import type { Connection, Model } from 'mongoose';
import { defineSchema, mixed, required } from './schema.ts';

/**
 * Facts about the database itself, by name: its schema's version, what a secret is checked by, that the first start was, how far a job has come.
 */
export interface MetaDoc {
  _id: string;
  value: unknown;
}

const schema = defineSchema<MetaDoc>({ _id: required(String), value: mixed });

export const metaModel = (connection: Connection): Model<MetaDoc> => connection.model<MetaDoc>('Meta', schema, 'meta');
