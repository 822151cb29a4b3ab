import { statfs } from 'node:fs/promises';

const LOOK_MS = 10_000;
const MB = 1024 * 1024;

/** Watches the free disk of the data folder: below the threshold nothing more is taken in, and the sources keep it. */
export const makeDiskWatch = ({ dataDir, minFreeMb }: { dataDir: string; minFreeMb: number }) => {
  let room = true;
  const look = async (): Promise<void> => {
    const { bavail, bsize } = await statfs(dataDir);
    room = bavail * bsize >= minFreeMb * MB;
  };
  const timer = setInterval(() => void look().catch(() => undefined), LOOK_MS);
  timer.unref();
  return { look, hasRoom: (): boolean => room, stop: (): void => clearInterval(timer) };
};

export type DiskWatch = ReturnType<typeof makeDiskWatch>;
