import { open } from 'node:fs/promises';

/** Whether a RIFF file is as long as its header says. One that isn't RIFF, or was streamed and says nothing of its length, is taken as it is. */
export const wholeWave = async (path: string, size: number): Promise<boolean> => {
  const file = await open(path, 'r');
  try {
    const head = Buffer.alloc(12);
    const { bytesRead } = await file.read(head, 0, 12, 0);
    if (bytesRead < 12 || !/^RIFF....WAVE/s.test(head.toString('latin1', 0, 12))) return true;
    const said = head.readUInt32LE(4);
    return said === 0 || said >= 0xfffffff0 || said === 0x7fffffff || said + 8 <= size + 1;
  } finally {
    await file.close();
  }
};
