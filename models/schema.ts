import mongoose, { type SchemaDefinition } from 'mongoose';

mongoose.set('strictQuery', 'throw');
mongoose.set('sanitizeFilter', true);

/** Marks a query operator (`{ $in: … }`) as ours: `sanitizeFilter` takes all others for a literal value. */
export const { trusted } = mongoose;

const { Mixed } = mongoose.Schema.Types;
export const mixed = { type: Mixed } as const;

/**
 * Majority and journal: what captured data is written with. When no majority has it in that time nobody knows whether it will: an error, and
 * whoever writes it again finds it there. (The connection's own time isn't looked at where a write concern is named.)
 */
export const durable = { w: 'majority', j: true, wtimeout: 10_000 } as const;

/**
 * A schema for one collection: ids are ours (strings). Collections and indexes are made at start (server/store/connect), never on a
 * request.
 */
export const defineSchema = <Doc>(definition: SchemaDefinition, indexes: [Record<string, 1 | -1>, object?][] = []) => {
  const schema = new mongoose.Schema<Doc>(definition, {
    _id: false,
    versionKey: false,
    autoIndex: false,
    autoCreate: false,
    strict: 'throw',
    minimize: false,
    suppressReservedKeysWarning: true,
    writeConcern: durable,
  });
  for (const [keys, options] of indexes) schema.index(keys, { ...options });
  return schema;
};

export const required = (type: unknown) => ({ type, required: true });
export const nullable = (type: unknown) => ({ type, default: null });
