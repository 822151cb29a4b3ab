const closers: (() => Promise<void>)[] = [];

/** Remembers something that the end of the test run must close (a server, a process, a folder). Returns the function that takes it off again. */
export const atEnd = (close: () => Promise<void>): (() => void) => {
  closers.push(close);
  return () => {
    const at = closers.indexOf(close);
    if (at >= 0) closers.splice(at, 1);
  };
};

/** Closes all that was left open, newest first; called by the root hook. Throws the first fault after all were tried. */
export const closeAll = async (): Promise<void> => {
  const faults: unknown[] = [];
  for (let close = closers.pop(); close; close = closers.pop()) await close().catch(error => faults.push(error));
  if (faults.length) throw faults[0];
};
