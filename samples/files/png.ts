import { crc32, deflateSync } from 'node:zlib';
import { base64Lines } from '../mime/encode.ts';
import { makeRandom } from '../random.ts';
import { assemble, type Noise, padding, plainFile, type SampleFile } from './file.ts';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

const chunk = (type: string, data: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
};

const header = (width: number, height: number): Buffer => {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width, 0);
  data.writeUInt32BE(height, 4);
  data.set([8, 2, 0, 0, 0], 8);
  return chunk('IHDR', data);
};

type Colour = readonly [number, number, number];

interface Canvas {
  width: number;
  height: number;
  /** rows of a filter byte and RGB */
  rows: Buffer;
}

const canvas = (width: number, height: number): Canvas => ({
  width,
  height,
  rows: Buffer.alloc(height * (1 + width * 3), 0),
});

const fill = ({ width, rows }: Canvas, x: number, y: number, w: number, h: number, colour: Colour): void => {
  for (let row = y; row < y + h; row++) {
    for (let column = x; column < x + w; column++) {
      rows.set(colour, row * (1 + width * 3) + 1 + column * 3);
    }
  }
};

/** Slight grain, as in a photographed or rescaled screen; it is what makes the file as large as real ones. */
const grain = ({ width, height, rows }: Canvas, seed: number): void => {
  const random = makeRandom(seed);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const at = row * (1 + width * 3) + 1 + column * 3;
      const shade = random.bits() >>> 30;
      for (let c = 0; c < 3; c++) rows[at + c] = Math.max(0, (rows[at + c] as number) - shade);
    }
  }
};

const BOOKINGS: readonly Colour[] = [
  [88, 132, 196],
  [122, 176, 110],
  [214, 148, 84],
  [172, 110, 168],
  [200, 92, 92],
];

/** A week view with bookings in it. */
const weekView = (width: number, height: number, seed: number): Canvas => {
  const random = makeRandom(seed);
  const image = canvas(width, height);
  const column = Math.floor((width - 40) / 7);
  const row = Math.floor((height - 30) / 12);
  fill(image, 0, 0, width, height, [250, 250, 252]);
  fill(image, 0, 0, width, 28, [52, 73, 94]);
  for (let day = 0; day <= 7; day++) fill(image, 38 + day * column, 28, 1, height - 28, [208, 212, 218]);
  for (let hour = 0; hour < 12; hour++) fill(image, 0, 29 + hour * row, width, 1, [222, 226, 230]);
  for (let i = 0; i < 22; i++) {
    const hours = random.int(1, 3);
    const top = 30 + random.int(0, 12 - hours) * row;
    fill(image, 41 + random.int(0, 6) * column, top, column - 5, hours * row - 3, random.pick(BOOKINGS));
  }
  grain(image, seed + 1);
  return image;
};

const pixels = (image: Canvas): Buffer => chunk('IDAT', deflateSync(image.rows, { level: 3 }));

interface Screenshot {
  header: Buffer;
  rest: Noise;
  size: number;
}

const SIZES: readonly (readonly [number, number])[] = [
  [320, 200],
  [420, 260],
  [560, 340],
  [700, 420],
  [860, 520],
  [1000, 600],
];
const drawn = new Map<number, Screenshot>();

const screenshot = (n: number): Screenshot => {
  const [width, height] = SIZES[n] as readonly [number, number];
  const bytes = Buffer.concat([pixels(weekView(width, height, n * 77 + 5)), chunk('IEND', Buffer.alloc(0))]);
  const rest = { bytes, encoded: Buffer.from(base64Lines(bytes), 'latin1') };
  return { header: Buffer.concat([SIGNATURE, header(width, height)]), rest, size: bytes.length };
};

const shot = (n: number): Screenshot => {
  const known = drawn.get(n) ?? screenshot(n);
  drawn.set(n, known);
  return known;
};

/** A screenshot of a booking calendar near `size` bytes; `comment` is stored in it and makes it unlike every other. */
export const pngFile = (name: string, comment: string, size: number): SampleFile => {
  let best = 0;
  for (let n = 1; n < SIZES.length && shot(best).size < size; n++) best = n;
  const { header: start, rest } = shot(best);
  const text = `Comment\0${comment}`;
  const gap = padding(start.length + 12 + text.length);
  const comments = chunk('tEXt', Buffer.from(text + ' '.repeat(gap), 'latin1'));
  return assemble(name, 'image/png', Buffer.concat([start, comments]), rest, Buffer.alloc(0));
};

const logos = new Map<string, SampleFile>();

/** The small picture that an organisation has in its signatures: always the same bytes. */
export const logoFile = (key: string): SampleFile => {
  const known = logos.get(key);
  if (known) return known;
  const seed = [...key].reduce((sum, c) => (sum * 31 + c.charCodeAt(0)) | 0, 7);
  const random = makeRandom(seed);
  const image = canvas(140, 44);
  const colour = random.pick(BOOKINGS);
  fill(image, 0, 0, 140, 44, [255, 255, 255]);
  fill(image, 4, 4, 36, 36, colour);
  for (let i = 0; i < 5; i++) fill(image, 8 + i * 6, 34 - random.int(6, 26), 4, 4, [255, 255, 255]);
  fill(image, 50, 14, random.int(50, 84), 6, colour);
  fill(image, 50, 26, random.int(30, 70), 4, [150, 156, 164]);
  grain(image, seed + 1);
  const bytes = Buffer.concat([SIGNATURE, header(140, 44), pixels(image), chunk('IEND', Buffer.alloc(0))]);
  const file = plainFile('logo.png', 'image/png', bytes);
  logos.set(key, file);
  return file;
};
