import type { Model, mongo } from 'mongoose';

/**
 * The driver's own collection of a model: documents as they lie in the database, without casting or hydration. For reads that a
 * request waits for, and for writes whose documents are ours from end to end.
 */
export const native = <Doc extends { _id: string }>(model: Model<Doc>): mongo.Collection<Doc> =>
  model.collection as unknown as mongo.Collection<Doc>;
