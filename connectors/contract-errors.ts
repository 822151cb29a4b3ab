export type Remedy = 'retry' | 'stop' | 'reject';

/** An error says what its caller should do: `retry` (transient), `stop` (park the account and tell), `reject` (the sender's fault). */
export class ConnectorError extends Error {
  readonly remedy: Remedy;
  constructor(remedy: Remedy, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ConnectorError';
    this.remedy = remedy;
  }
}

/** Calls by which files are read; by the others the hub writes its own, or talks to others. */
const READING = ['open', 'read', 'stat', 'fstat', 'lstat', 'scandir', 'realpath'];
/** Errors that are the hub's and not the file's. */
const OURS = ['EMFILE', 'ENFILE', 'ENOMEM', 'ENOSPC', 'EDQUOT', 'EROFS'];

/** The code of an error by which the file system refuses to read on; undefined when it is another, or the hub's own trouble. `path`: and it is about that file. */
export const fileFault = (error: unknown, path?: string): string | undefined => {
  const { syscall, code, path: at = path } = (error ?? {}) as NodeJS.ErrnoException;
  const isReading = syscall !== undefined && READING.includes(syscall) && (path === undefined || at === path);
  return isReading && !OURS.includes(code ?? '') ? code : undefined;
};

/** In words, of a file or folder. */
export const unreadable = (code: string, what = 'file'): string => `This ${what} can't be read (${code}).`;
