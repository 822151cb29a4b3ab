import type { Connection, Model } from 'mongoose';
import { defineSchema, mixed, required } from './schema.ts';

/** Facts about the database itself: 'schema' {version}, 'secret' {check}. */
export interface MetaDoc {
  _id: string;
  value: unknown;
}

const schema = defineSchema<MetaDoc>({ _id: required(String), value: mixed });

export const metaModel = (connection: Connection): Model<MetaDoc> => connection.model<MetaDoc>('Meta', schema, 'meta');
