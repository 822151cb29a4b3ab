import type { Connection, Model } from 'mongoose';
import { defineSchema, mixed, required } from './schema.ts';

/** One change of the register: who changed what of whom, when, and through which entrance. */
export interface HistoryDoc {
  _id: string;
  of: 'contact' | 'organisation';
  id: string;
  at: Date;
  /** user or token id, or 'capture' */
  who: string;
  /** 'api', 'csv-import', 'capture', ... */
  source: string;
  changes: { field: string; old: unknown; new: unknown }[];
}

const schema = defineSchema<HistoryDoc>(
  {
    _id: required(String),
    of: required(String),
    id: required(String),
    at: required(Date),
    who: required(String),
    source: required(String),
    changes: [mixed],
  },
  [[{ id: 1, at: -1, _id: -1 }]],
);

export const historyModel = (connection: Connection): Model<HistoryDoc> =>
  connection.model<HistoryDoc>('History', schema, 'history');
