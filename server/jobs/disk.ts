import { statfs } from 'node:fs/promises';

const LOOK_MS = 10_000;
const MB = 1024 * 1024;
/** After so many failures in a row to read the free space, nothing more is accepted. */
const MOST_FAULTS = 3;

interface Watched {
  dataDir: string;
  minFreeMb: number;
}

/** The message for refused intake, in words. */
export const NO_ROOM = 'There is too little free disk to take anything in.';

/** Watches the free disk space of the data folder: below the threshold nothing more is accepted, and the sources keep it. */
export const makeDiskWatch = (
  { dataDir, minFreeMb }: Watched,
  log?: { warn(data: object, message: string): void },
  lookMs = LOOK_MS,
) => {
  let free = Number.POSITIVE_INFINITY;
  let faults = 0;
  /** Whether so many bytes may be accepted, by the last look. */
  const hasRoom = (bytes = 0): boolean => free - bytes >= minFreeMb * MB;
  const look = async (): Promise<void> => {
    const { bavail, bsize } = await statfs(dataDir);
    faults = 0;
    free = bavail * bsize;
  };
  const failed = ({ code }: NodeJS.ErrnoException): void => {
    faults += 1;
    if (faults >= MOST_FAULTS) free = Number.NEGATIVE_INFINITY;
    log?.warn({ code, intake: hasRoom() }, 'the free disk of the data folder can not be looked at');
  };
  const timer = setInterval(() => void look().catch(failed), lookMs);
  timer.unref();
  return { look, hasRoom, stop: (): void => clearInterval(timer) };
};

export type DiskWatch = ReturnType<typeof makeDiskWatch>;
