import type { Connection, Model } from 'mongoose';
import { defineSchema, mixed, nullable, required } from './schema.ts';

/**
 * Files that are being captured: interactions into an account, or contacts (CSV). What was uploaded lies in a folder of its own below
 * data/uploads/ until it is done; what a command names is read where it lies.
 */
export interface ImportDoc {
  _id: string;
  kind: 'interactions' | 'contacts';
  account: string | null;
  /** user or token that handed it in */
  who: string;
  /** the data folder of whoever took it in: its files lie there, or on the same machine */
  dataId: string;
  files: { name: string; path: string; size: number }[];
  /** the files are copies of ours, and go once they are captured */
  uploaded: boolean;
  state: 'running' | 'done' | 'failed';
  counts: Record<string, number>;
  errors: { line: number; detail: string }[];
  error: string | null;
  createdAt: Date;
  endedAt: Date | null;
}

const schema = defineSchema<ImportDoc>(
  {
    _id: required(String),
    kind: required(String),
    account: nullable(String),
    who: required(String),
    dataId: required(String),
    files: [mixed],
    uploaded: { type: Boolean, default: false },
    state: required(String),
    counts: { ...mixed, default: {} },
    errors: [mixed],
    error: nullable(String),
    createdAt: required(Date),
    endedAt: nullable(Date),
  },
  [[{ createdAt: -1, _id: -1 }]],
);

export const importModel = (connection: Connection): Model<ImportDoc> =>
  connection.model<ImportDoc>('Import', schema, 'imports');
