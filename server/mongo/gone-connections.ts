import { createRequire } from 'node:module';
import { mongo } from 'mongoose';

/** What is used here of the driver's own class (mongodb/src/cmap/connection.ts). */
interface Connection {
  /** why it was closed */
  readonly error: Error | null;
  once(event: 'close', listener: () => void): void;
  off(event: 'close', listener: () => void): void;
  command(...args: unknown[]): Promise<unknown>;
}

// the driver that mongoose has, wherever it was installed
const driver = createRequire(createRequire(import.meta.url).resolve('mongoose'));
const { Connection } = driver('mongodb/lib/cmap/connection.js') as { Connection: { prototype: Connection } };

/**
 * Ends each command whose connection is closed, with the error that closed it. The driver alone (7.9 and before) waits for ever when that
 * happens while it writes: for the `drain` of a socket that is destroyed, or for the answer on one that it listens to only then. Where it does
 * notice it throws the socket's bare error, which nobody takes for the database's and which isn't retried. See docs/decisions/0015.
 */
const endWithConnection = (prototype: Connection): void => {
  const { command } = prototype;
  prototype.command = function (...args) {
    return new Promise((resolve, reject) => {
      const fail = (error: unknown): void => reject(error instanceof mongo.MongoError ? error : (this.error ?? error));
      // the driver's own way goes first, where it has one
      const closed = (): void => void setImmediate(() => fail(this.error));
      this.once('close', closed);
      command
        .apply(this, args)
        .then(resolve, fail)
        .finally(() => this.off('close', closed));
    });
  };
};

endWithConnection(Connection.prototype);
