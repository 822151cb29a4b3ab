import { decodeText } from './charset.ts';

/** A MAPI property of variable length (MS-OXTNEF, 2.1.3.4): type and first value. */
export interface MapiProp {
  type: number;
  data: Buffer;
}

/** Properties by id. */
export type MapiProps = Map<number, MapiProp>;

const STRING8 = 0x1e;
const UNICODE = 0x1f;
const VARIABLE = new Set([0x0d, STRING8, UNICODE, 0x102]);
const MULTIPLE = 0x1000;
const FIRST_NAMED = 0x8000;
/** Length in bytes of types with a fixed length; values are padded to four. */
const FIXED: Record<number, number> = { 1: 0, 2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 10: 4, 11: 4, 20: 8, 64: 8, 72: 16 };

const padded = (length: number): number => length + ((4 - (length % 4)) % 4);

/** Index after the name of a named property. */
const afterName = (data: Buffer, at: number): number => {
  const kind = data.readUInt32LE(at + 16);
  return kind === 0 ? at + 24 : at + 24 + padded(data.readUInt32LE(at + 20));
};

const readAll = (data: Buffer, props: MapiProps): void => {
  let at = 4;
  for (let left = data.readUInt32LE(0); left > 0 && at + 4 <= data.length; left--) {
    const flags = data.readUInt16LE(at);
    const id = data.readUInt16LE(at + 2);
    const type = flags & ~MULTIPLE;
    at = id >= FIRST_NAMED ? afterName(data, at + 4) : at + 4;
    const isVariable = VARIABLE.has(type);
    let count = 1;
    if (isVariable || flags & MULTIPLE) {
      count = data.readUInt32LE(at);
      at += 4;
    }
    if (!isVariable) {
      const fixed = FIXED[type];
      if (fixed === undefined) return;
      at += padded(fixed) * count;
    } else
      for (let i = 0; i < count && at < data.length; i++) {
        const length = data.readUInt32LE(at);
        at += 4;
        if (i === 0 && id < FIRST_NAMED) props.set(id, { type, data: data.subarray(at, at + length) });
        at += padded(length);
      }
  }
};

/** Reads properties; of damaged data those before the damage. */
export const readMapiProps = (data: Buffer): MapiProps => {
  const props: MapiProps = new Map();
  try {
    readAll(data, props);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return props;
};

/** Text of a string property, without its closing zero; a binary one (an HTML body) is decoded by `charset`. */
export const textOf = (prop: MapiProp | undefined, charset: string): string | undefined => {
  if (!prop) return undefined;
  const text = prop.type === UNICODE ? prop.data.toString('utf16le') : decodeText(prop.data, charset);
  return text.replace(/\0[\s\S]*$/, '') || undefined;
};
