import { open } from 'node:fs/promises';

/** Whether a RIFF WAVE file of `size` bytes has the length that its header gives. True for other files, and for one that was streamed and has no length. */
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
