/** Content-Transfer-Encodings (RFC 2045) and uuencode: whole bodies, streams and exact decoded sizes. */
export type TransferEncoding = 'identity' | 'base64' | 'quoted-printable' | 'uuencode';

/** The encoding that a Content-Transfer-Encoding field names, also misspelt; 'identity' without one. */
export const encodingOf = (field: string | undefined): TransferEncoding => {
  const name = field && /[\w-]+/.exec(field.slice(0, 500).replace(/\([^)]*\)/g, ''))?.[0].toLowerCase();
  if (name === 'base64' || name === 'b') return 'base64';
  if (name === 'quoted-printable' || name === 'quotedprintable') return 'quoted-printable';
  return name && /^(?:x-)?uu(?:e|encode|code)?$/.test(name) ? 'uuencode' : 'identity';
};

const onlyPadding = (text: string, from: number): boolean => {
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code !== 0x3d && code !== 13 && code !== 10 && code !== 32 && code !== 9) return false;
  }
  return true;
};

const WHOLE_LINE = /^[A-Za-z0-9+/]+={0,2}$/;

/** Decodes what follows padding: more base64 (some senders pad each chunk), up to the first line that isn't (a list's footer). */
const afterPadding = (text: string): { bytes: Buffer[]; stopped: boolean } => {
  const bytes: Buffer[] = [];
  for (const raw of text.split(/[\r\n]+/)) {
    const line = raw.trim();
    if (line === '') continue;
    if (line.length % 4 !== 0 || !WHOLE_LINE.test(line)) return { bytes, stopped: true };
    bytes.push(Buffer.from(line, 'base64'));
  }
  return { bytes, stopped: false };
};

const paddingEnd = (text: string, at: number): number => {
  let end = at;
  while (text.charCodeAt(end) === 0x3d) end++;
  return end;
};

/** Without `-` and `_`, which Node would decode as base64url: in mail they are outside the alphabet. */
const standard = (text: string): string =>
  text.includes('-') || text.includes('_') ? text.replace(/[-_]+/g, '') : text;

/** Decodes base64 (RFC 2045, 6.8); characters outside the alphabet are skipped. */
export const decodeBase64 = (body: string): Buffer => {
  const text = standard(body);
  const pad = text.indexOf('=');
  if (pad < 0 || onlyPadding(text, pad)) return Buffer.from(text, 'base64');
  const rest = body.slice(paddingEnd(body, body.indexOf('=')));
  return Buffer.concat([Buffer.from(text.slice(0, pad), 'base64'), ...afterPadding(rest).bytes]);
};

let scratch = Buffer.allocUnsafeSlow(64 * 1024);

const base64Size = (body: string): number => {
  const text = standard(body);
  const pad = text.indexOf('=');
  if (pad >= 0 && !onlyPadding(text, pad)) return decodeBase64(body).length;
  if (scratch.length < text.length) scratch = Buffer.allocUnsafeSlow(text.length);
  return scratch.write(text, 'base64');
};

const HEX = new Int8Array(256).fill(-1);
for (let i = 0; i < 16; i++) {
  HEX[i.toString(16).charCodeAt(0)] = i;
  HEX[i.toString(16).toUpperCase().charCodeAt(0)] = i;
}

/** Index after the soft line break whose `=` is at `at`; -1 when it isn't one. */
const softBreak = (bytes: Buffer, at: number): number => {
  let i = at + 1;
  while (bytes[i] === 0x20 || bytes[i] === 9) i++;
  if (i >= bytes.length) return i;
  if (bytes[i] === 10) return i + 1;
  if (bytes[i] === 13) return bytes[i + 1] === 10 ? i + 2 : i + 1;
  return -1;
};

/** Decodes quoted-printable; trailing white space of a line was added in transport and is dropped (RFC 2045, 6.7 (3)). */
export const decodeQuotedPrintable = (bytes: Buffer): Buffer => {
  const out = Buffer.allocUnsafe(bytes.length);
  let length = 0;
  let kept = 0;
  for (let i = 0; i < bytes.length; ) {
    const byte = bytes[i] as number;
    if (byte === 0x3d) {
      const value = ((HEX[bytes[i + 1] ?? 0] as number) << 4) | (HEX[bytes[i + 2] ?? 0] as number);
      const after = value < 0 ? softBreak(bytes, i) : i + 3;
      if (value >= 0) out[length++] = value;
      else if (after < 0) out[length++] = byte;
      kept = length;
      i = after < 0 ? i + 1 : after;
      continue;
    }
    if (byte === 10 || byte === 13) length = kept;
    out[length++] = byte;
    if (byte !== 0x20 && byte !== 9) kept = length;
    i++;
  }
  return out.subarray(0, kept);
};

/** One line of a uuencoded file. */
const uuLine = (line: string): Buffer => {
  const length = (line.charCodeAt(0) - 32) & 63;
  const out = Buffer.alloc(Math.ceil(length / 3) * 3);
  const six = (i: number): number => (i < line.length ? (line.charCodeAt(i) - 32) & 63 : 0);
  for (let i = 1, o = 0; o < out.length; i += 4, o += 3) {
    out.writeUIntBE((six(i) << 18) | (six(i + 1) << 12) | (six(i + 2) << 6) | six(i + 3), o, 3);
  }
  return out.subarray(0, length);
};

/** Decodes uuencoded text between its `begin` and `end` lines; text without them is decoded whole. */
export const decodeUu = (text: string): Buffer => {
  const lines = text.split(/\r\n|\r|\n/);
  const begin = lines.findIndex(line => /^begin [0-7]{3,4} /.test(line));
  const body = lines.slice(begin + 1);
  const end = body.findIndex(line => /^end\s*$/.test(line));
  return Buffer.concat((end < 0 ? body : body.slice(0, end)).filter(line => line !== '').map(uuLine));
};

/** Decodes a whole body. */
export const decodeBody = (bytes: Buffer, encoding: TransferEncoding): Buffer => {
  if (encoding === 'base64') return decodeBase64(bytes.toString('latin1'));
  if (encoding === 'quoted-printable') return decodeQuotedPrintable(bytes);
  return encoding === 'uuencode' ? decodeUu(bytes.toString('latin1')) : bytes;
};

/** Exact decoded size of a whole body in bytes. Base64, the usual case, is counted without keeping the result. */
export const decodedSize = (bytes: Buffer, encoding: TransferEncoding): number =>
  encoding === 'base64' ? base64Size(bytes.toString('latin1')) : decodeBody(bytes, encoding).length;

/** Decodes a body in pieces; the joined results are what `decodeBody` gives for the whole. */
export interface BodyDecoder {
  write(chunk: Buffer): Buffer;
  end(): Buffer;
}

const notBase64 = /[^A-Za-z0-9+/]+/g;
const NOTHING = Buffer.alloc(0);

const base64Decoder = (): BodyDecoder => {
  let carry = '';
  let padded = false;
  let stopped = false;
  const alphabet = (text: string): Buffer => {
    const clean = carry + text.replace(notBase64, '');
    const whole = clean.length - (clean.length % 4);
    carry = clean.slice(whole);
    return Buffer.from(clean.slice(0, whole), 'base64');
  };
  let inPadding = true;
  const lines = (piece: string): Buffer => {
    const text = inPadding ? piece.slice(paddingEnd(piece, 0)) : piece;
    if (text !== '') inPadding = false;
    const all = carry + text;
    const cut = Math.max(all.lastIndexOf('\n'), all.lastIndexOf('\r')) + 1;
    carry = all.slice(cut);
    const rest = afterPadding(all.slice(0, cut));
    stopped = rest.stopped;
    return Buffer.concat(rest.bytes);
  };
  const write = (text: string): Buffer => {
    if (stopped) return NOTHING;
    if (padded) return lines(text);
    const pad = text.indexOf('=');
    if (pad < 0) return alphabet(text);
    const before = Buffer.concat([alphabet(text.slice(0, pad)), Buffer.from(carry, 'base64')]);
    carry = '';
    padded = true;
    return Buffer.concat([before, lines(text.slice(pad))]);
  };
  return {
    write: chunk => write(chunk.toString('latin1')),
    end: () => {
      if (stopped) return NOTHING;
      return padded ? Buffer.concat(afterPadding(carry).bytes) : Buffer.from(carry, 'base64');
    },
  };
};

/** Decodes up to the last line end, and keeps the rest for the next chunk. */
const byLines = (decode: (bytes: Buffer) => Buffer, cutOf: (bytes: Buffer) => number): BodyDecoder => {
  let carry = NOTHING as Buffer;
  return {
    write: chunk => {
      const all = carry.length ? Buffer.concat([carry, chunk]) : chunk;
      const cut = cutOf(all);
      carry = Buffer.from(all.subarray(cut));
      return decode(all.subarray(0, cut));
    },
    end: () => decode(carry),
  };
};

const MAX_LINE = 1024 * 1024;

const quotedPrintableCut = (bytes: Buffer): number => {
  const line = bytes.lastIndexOf(10) + 1;
  if (bytes.length - line < MAX_LINE) return line;
  const equals = bytes.lastIndexOf(0x3d);
  let cut = equals >= bytes.length - 3 ? equals : bytes.length;
  while (cut > line && (bytes[cut - 1] === 0x20 || bytes[cut - 1] === 9 || bytes[cut - 1] === 13)) cut--;
  return cut;
};

/** A uuencoded file is decoded as a whole: nobody sends large ones any more. */
const collected = (decode: (bytes: Buffer) => Buffer): BodyDecoder => byLines(decode, () => 0);

/** A decoder for a body in this encoding. */
export const makeBodyDecoder = (encoding: TransferEncoding): BodyDecoder => {
  if (encoding === 'base64') return base64Decoder();
  if (encoding === 'quoted-printable') return byLines(decodeQuotedPrintable, quotedPrintableCut);
  if (encoding === 'uuencode') return collected(bytes => decodeUu(bytes.toString('latin1')));
  return { write: chunk => chunk, end: () => NOTHING };
};
