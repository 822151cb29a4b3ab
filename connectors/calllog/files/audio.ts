import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { digestOf } from '../../common/raw.ts';
import type { RecordingFile } from '../captured.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.wav': 'audio/wav',
  '.wav49': 'audio/wav',
  '.mp3': 'audio/mpeg',
  '.ogg': 'audio/ogg',
  '.oga': 'audio/ogg',
  '.opus': 'audio/ogg',
  '.m4a': 'audio/mp4',
  '.aac': 'audio/aac',
  '.flac': 'audio/flac',
  '.webm': 'audio/webm',
  '.gsm': 'audio/x-gsm',
  '.ulaw': 'audio/basic',
  '.alaw': 'audio/x-alaw-basic',
  '.sln': 'audio/l16',
  '.g722': 'audio/g722',
  '.amr': 'audio/amr',
  '.wma': 'audio/x-ms-wma',
};

/** Whether a file is audio, by the extension of its name. */
export const isAudio = (name: string): boolean => extname(name).toLowerCase() in TYPES;

interface Sound {
  durationSeconds?: number;
  channels?: number;
}

/** Duration (seconds, to a tenth) and channels from the header of a RIFF WAVE file; empty for other files. `size`: of the whole file, in bytes. */
export const soundOf = (head: Buffer, size: number): Sound => {
  if (head.toString('latin1', 0, 4) !== 'RIFF' || head.toString('latin1', 8, 12) !== 'WAVE') return {};
  let channels = 0;
  let bytesPerSecond = 0;
  for (let at = 12; at + 8 <= head.length; ) {
    const name = head.toString('latin1', at, at + 4);
    const length = head.readUInt32LE(at + 4);
    if (name === 'fmt ' && at + 20 <= head.length) {
      channels = head.readUInt16LE(at + 10);
      bytesPerSecond = head.readUInt32LE(at + 16);
    }
    if (name === 'data' && bytesPerSecond > 0) {
      // a recorder that was interrupted leaves 0 or 0xffffffff as the length
      const bytes = Math.min(length === 0 ? Number.POSITIVE_INFINITY : length, size - at - 8);
      return { channels, durationSeconds: Math.round((bytes / bytesPerSecond) * 10) / 10 };
    }
    at += 8 + length + (length % 2);
  }
  return channels > 0 ? { channels } : {};
};

const headOf = async (path: string): Promise<Buffer> => {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4096), 0, 4096, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
};

/** An audio file on disk, as a part of an item. Throws errors of the file system. */
export const audioFile = async (name: string, path: string): Promise<RecordingFile> => {
  const { sha256, size } = await digestOf(createReadStream(path));
  const base = basename(name);
  return {
    sha256,
    part: {
      name: base,
      type: TYPES[extname(base).toLowerCase()] ?? 'application/octet-stream',
      size,
      open: () => createReadStream(path, { end: Math.max(0, size - 1) }),
    },
    ...soundOf(await headOf(path), size),
  };
};
