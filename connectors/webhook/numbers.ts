import { randomUUID } from 'node:crypto';

const WRITTEN = Symbol('number as it was written');

/** A number that a JavaScript number can't represent exactly, as it was written. */
interface WrittenNumber {
  readonly [WRITTEN]: string;
}

/** Whether a value is such a number. */
export const isWritten = (value: unknown): value is WrittenNumber =>
  typeof value === 'object' && value !== null && WRITTEN in value;

/** The number as it was written. */
export const digitsOf = ({ [WRITTEN]: digits }: WrittenNumber): string => digits;

/** A longer number is always kept as written, without computing its value. */
const LONGEST = 100;

/** A normal form (sign, digits, power of ten) that is equal for equal numbers, however they are written. */
const normal = (number: string): string => {
  const [, sign = '', whole = '', fraction = '', power = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(number) ?? [];
  const all = (whole + fraction).replace(/^0+/, '');
  let end = all.length;
  while (end > 0 && all[end - 1] === '0') end--;
  if (end === 0) return '0';
  return `${sign}${all.slice(0, end)}e${BigInt(power) + BigInt(all.length - end - fraction.length)}`;
};

const isHeld = (number: string): boolean =>
  number.length <= LONGEST && normal(String(Number(number))) === normal(number);

/** Index after the JSON string that begins at `quote`. */
const endOfText = (json: string, quote: number): number => {
  for (let end = json.indexOf('"', quote + 1); end >= 0; end = json.indexOf('"', end + 1)) {
    let slashes = 0;
    while (json[end - 1 - slashes] === '\\') slashes++;
    if (slashes % 2 === 0) return end + 1;
  }
  return json.length;
};

/** The quote of a string, or a number that may not be exact: one with an exponent, or with 16 characters or more. */
const TEXT_OR_NUMBER = /"|-?\d[\d.]*e[\d+-]+|-?\d[\d.]{15,}/gi;

/** The numbers in a JSON text that JavaScript can't represent. Strings are skipped by looking for their closing quotes only, which is fast on megabytes. */
const placesIn = (json: string): { at: number; number: string }[] => {
  const next = new RegExp(TEXT_OR_NUMBER);
  const places: { at: number; number: string }[] = [];
  for (let match = next.exec(json); match; match = next.exec(json)) {
    const { 0: number, index: at } = match;
    if (number === '"') next.lastIndex = endOfText(json, at);
    else if (!isHeld(number)) places.push({ at, number });
  }
  return places;
};

/** As JSON.parse, but a number that JavaScript can't represent exactly becomes a WrittenNumber. */
export const parseNumbers = (json: string): unknown => {
  const plain: unknown = JSON.parse(json);
  const places = placesIn(json);
  if (places.length === 0) return plain;
  const mark = `${randomUUID()}:`;
  let from = 0;
  const pieces = places.map(({ at, number }) => {
    const piece = `${json.slice(from, at)}"${mark}${number}"`;
    from = at + number.length;
    return piece;
  });
  return JSON.parse(pieces.join('') + json.slice(from), (_, value) =>
    typeof value === 'string' && value.startsWith(mark) ? { [WRITTEN]: value.slice(mark.length) } : value,
  );
};

/** A copy in which each WrittenNumber is a string. */
export const withTexts = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  if (isWritten(value)) return digitsOf(value);
  if (Array.isArray(value)) return value.map(withTexts);
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, withTexts(field)]));
};
