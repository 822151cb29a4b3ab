/** Makes small winmail.dat files (MS-OXTNEF) for tests. */

const attribute = (level: number, id: number, data: Buffer): Buffer => {
  const head = Buffer.alloc(9);
  head.writeUInt8(level, 0);
  head.writeUInt32LE(0x60000 + id, 1);
  head.writeUInt32LE(data.length, 5);
  const sum = Buffer.alloc(2);
  sum.writeUInt16LE(
    data.reduce((total, byte) => (total + byte) & 0xffff, 0),
    0,
  );
  return Buffer.concat([head, data, sum]);
};

const uint32 = (...values: number[]): Buffer => {
  const out = Buffer.alloc(values.length * 4);
  values.forEach((value, i) => {
    out.writeUInt32LE(value >>> 0, i * 4);
  });
  return out;
};

const property = (type: number, id: number, value: Buffer): Buffer =>
  Buffer.concat([
    uint32(((id << 16) | type) >>> 0, 1, value.length),
    value,
    Buffer.alloc((4 - (value.length % 4)) % 4),
  ]);

const utf16 = (text: string): Buffer => Buffer.from(`${text}\0`, 'utf16le');

interface PackedFile {
  name: string;
  cid?: string;
  bytes?: Buffer;
  /** an embedded mail or OLE object, beside which `bytes` are only a stub */
  object?: Buffer;
  /** the file as a property */
  binary?: Buffer;
}

export const winmail = (text: string, files: PackedFile[]): Buffer =>
  Buffer.concat([
    uint32(0x223e9f78),
    Buffer.from([1, 0]),
    attribute(1, 0x9007, uint32(1252, 0)),
    attribute(
      1,
      0x9003,
      Buffer.concat([uint32(2), Buffer.concat([uint32((0x0017 << 16) | 3, 1)]), property(0x1f, 0x1000, utf16(text))]),
    ),
    ...files.flatMap(({ name, cid, bytes, object, binary }) => [
      attribute(2, 0x9002, Buffer.alloc(14)),
      attribute(2, 0x8010, Buffer.from('SHORT~1.DAT\0')),
      ...(bytes ? [attribute(2, 0x800f, bytes)] : []),
      attribute(
        2,
        0x9005,
        Buffer.concat([
          uint32([name, cid, object, binary].filter(each => each !== undefined).length),
          ...(binary ? [property(0x102, 0x3701, binary)] : []),
          ...(object ? [property(0x0d, 0x3701, Buffer.concat([Buffer.alloc(16, 7), object]))] : []),
          property(0x1f, 0x3707, utf16(name)),
          ...(cid ? [property(0x1f, 0x3712, utf16(cid))] : []),
        ]),
      ),
    ]),
  ]);
