const NAMES =
  /^(MongoServerSelectionError|MongooseServerSelectionError|MongoNetworkError|MongoNetworkTimeoutError|MongoNotConnectedError|MongoTopologyClosedError|MongoPoolClosedError|MongoPoolClearedError|MongoWaitQueueTimeoutError|MongoClientClosedError|MongoExpiredSessionError|MongoOperationTimeoutError|MongoWriteConcernError)$/;
/** Shutting down, stepped down, no longer primary, interrupted: the server itself says to come back. */
const CODES = new Set([6, 7, 50, 64, 89, 91, 189, 202, 9001, 10107, 11600, 11602, 13435, 13436]);

/** Whether the database can't be reached, or doesn't answer now. */
export const isMongoAway = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  const { code, errorResponse } = error as { code?: unknown; errorResponse?: unknown };
  if (errorResponse !== error && isMongoAway(errorResponse)) return true; // what many at once failed with
  const mongo = error.name.startsWith('Mongo');
  if (NAMES.test(error.name) || (mongo && typeof code === 'number' && CODES.has(code))) return true;
  return mongo && /buffering timed out|initial connection/i.test(error.message);
};
