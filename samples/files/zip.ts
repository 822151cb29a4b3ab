import { crc32, deflateRawSync } from 'node:zlib';
import { type Noise, padding } from './file.ts';

export interface Entry {
  name: string;
  data: Buffer;
}

interface Written {
  local: Buffer;
  central: Buffer;
}

const VERSION = 20;
/** 1 January 2024, in the zip's date format. */
const DOS_DATE = ((2024 - 1980) << 9) | (1 << 5) | 1;
/** An extra field that readers skip: used to align what follows. */
const FILLER_ID = 0xd935;

const shared = (crc: number, packed: number, size: number, method: number, name: number, extra: number): Buffer => {
  const out = Buffer.alloc(26);
  out.writeUInt16LE(VERSION, 0);
  out.writeUInt16LE(method, 4);
  out.writeUInt16LE(DOS_DATE, 8);
  out.writeUInt32LE(crc, 10);
  out.writeUInt32LE(packed, 14);
  out.writeUInt32LE(size, 18);
  out.writeUInt16LE(name, 22);
  out.writeUInt16LE(extra, 24);
  return out;
};

/** Local header and central directory record of an entry at `offset` (APPNOTE 4.3.7 and 4.3.12). */
const headers = (
  name: string,
  crc: number,
  packed: number,
  size: number,
  method: number,
  offset: number,
  extra: Buffer,
): Written => {
  const bytes = Buffer.from(name, 'latin1');
  const start = Buffer.from([0x50, 0x4b, 3, 4]);
  const central = Buffer.alloc(14);
  central.writeUInt32LE(offset, 10);
  return {
    local: Buffer.concat([start, shared(crc, packed, size, method, bytes.length, extra.length), bytes, extra]),
    central: Buffer.concat([
      Buffer.from([0x50, 0x4b, 1, 2, VERSION, 0]),
      shared(crc, packed, size, method, bytes.length, 0),
      central,
      bytes,
    ]),
  };
};

const endOfCentralDirectory = (count: number, size: number, offset: number): Buffer => {
  const out = Buffer.alloc(22);
  out.write('PK\x05\x06', 0, 'latin1');
  out.writeUInt16LE(count, 8);
  out.writeUInt16LE(count, 10);
  out.writeUInt32LE(size, 12);
  out.writeUInt32LE(offset, 16);
  return out;
};

const filler = (length: number): Buffer => {
  const out = Buffer.alloc(length);
  out.writeUInt16LE(FILLER_ID, 0);
  out.writeUInt16LE(length - 4, 2);
  return out;
};

/**
 * A zip of deflated `entries` and one stored entry last, `stored`, whose data begins on a base64 line of its own.
 * Returns what comes before and after that data.
 */
export const zipAround = (entries: readonly Entry[], name: string, stored: Noise): { head: Buffer; tail: Buffer } => {
  const parts: Buffer[] = [];
  const central: Buffer[] = [];
  let at = 0;
  for (const entry of entries) {
    const packed = deflateRawSync(entry.data, { level: 3 });
    const written = headers(entry.name, crc32(entry.data), packed.length, entry.data.length, 8, at, Buffer.alloc(0));
    parts.push(written.local, packed);
    central.push(written.central);
    at += written.local.length + packed.length;
  }
  const extra = filler(4 + padding(at + 30 + name.length + 4));
  const size = stored.bytes.length;
  const last = headers(name, crc32(stored.bytes), size, size, 0, at, extra);
  const directory = Buffer.concat([...central, last.central]);
  const end = endOfCentralDirectory(entries.length + 1, directory.length, at + last.local.length + size);
  return { head: Buffer.concat([...parts, last.local]), tail: Buffer.concat([directory, end]) };
};
