import { encodingOf } from './encoding.ts';
import { beginningOf } from './place.ts';

/** What a file can be read as; 'foreign' with a reason in words when it is no log. */
type Kind = { as: 'text' | 'gzip' } | { as: 'foreign'; reason: string };

const ARCHIVES: [magic: string, at: number][] = [
  ['PK\x03\x04', 0],
  ['BZh', 0],
  ['\xfd7zXZ\0', 0],
  ['7z\xbc\xaf\x27\x1c', 0],
  ['\x28\xb5\x2f\xfd', 0],
  ['ustar', 257],
];
/** File names in a ZIP archive that is a spreadsheet: Office Open XML, OpenDocument. */
const IN_SPREADSHEET =
  /\[Content_Types\]\.xml|xl\/(workbook|worksheets|theme|styles|sharedStrings|_rels)|opendocument\.spreadsheet/;
/** First bytes of an OLE compound file: Excel before 2007. */
const OLD_EXCEL = '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1';
/** Highest share of control characters in text. In compressed data about an eighth are, in UTF-16 half. */
const MOST_NOISE = 0.02;

const isAt = (bytes: Buffer, magic: string, at: number): boolean =>
  bytes.toString('latin1', at, at + magic.length) === magic;

const isSpreadsheet = (bytes: Buffer): boolean =>
  isAt(bytes, OLD_EXCEL, 0) || (isAt(bytes, 'PK\x03\x04', 0) && IN_SPREADSHEET.test(bytes.toString('latin1')));

/**
 * Number of control characters that text doesn't have. A run of zero bytes counts as one: a failed disk may leave a hole in a log, which is a log all the same.
 */
const noiseOf = (bytes: Buffer): number => {
  let noise = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (byte === 0 ? bytes[at - 1] !== 0 : byte < 0x09 || (byte > 0x0d && byte < 0x20 && byte !== 0x1b)) noise++;
  }
  return noise;
};

/** What a file is, by its first bytes. `encoding`: the one that the account names. Throws errors of the file system. */
export const kindOf = async (path: string, encoding?: string): Promise<Kind> => {
  const { bytes } = await beginningOf(path);
  if (isAt(bytes, '\x1f\x8b', 0)) return { as: 'gzip' };
  if (isSpreadsheet(bytes))
    return { as: 'foreign', reason: 'This is a spreadsheet’s own file: save it as CSV, and import that.' };
  if (ARCHIVES.some(([magic, at]) => isAt(bytes, magic, at)))
    return { as: 'foreign', reason: 'This is an archive: unpack it first. (Of compressed files, .gz is read.)' };
  const isText = encodingOf(bytes, encoding).width === 2 || noiseOf(bytes) <= bytes.length * MOST_NOISE;
  return isText ? { as: 'text' } : { as: 'foreign', reason: 'This is no call log: it is binary data.' };
};
