import { type Field, firstValue, unfold, withoutBlanksBehind } from './fields.ts';
import { readableName, readStructured, type Structured, tokenOf } from './params.ts';
import { encodingOf, type TransferEncoding } from './transfer.ts';

/** One node of the MIME tree. Offsets are bytes from the mail's start. */
export interface Entity {
  /** index of the enclosing multipart, -1 for the mail itself */
  parent: number;
  /** media type in lower case */
  type: string;
  charset?: string;
  encoding: TransferEncoding;
  disposition: 'attachment' | 'inline' | null;
  name?: string;
  /** the undecoded name, when it has 8-bit text and the part doesn't say in which charset */
  rawName?: string;
  cid?: string;
  location?: string;
  flowed?: { delSp: boolean };
  /** further parameters that decide something: report-type, smime-type, method, protocol */
  params: Map<string, string>;
  /** of a multipart: its boundary parameter */
  boundary?: string;
  multipart: boolean;
  children: number;
  headerStart: number;
  bodyStart: number;
  bodyEnd: number;
}

const BARE_TYPES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    text: 'text/plain',
    plain: 'text/plain',
    html: 'text/html',
    'text/text': 'text/plain',
    'text/htm': 'text/html',
    multipart: 'multipart/mixed',
  }),
);
const MAX_TYPE = 200;
const MAX_CID = 500;
const TYPE = /^[^\s/;,"=]+\/[^\s/;,"=]+/;

const typeOf = (value: string, fallback: string): string => {
  if (value === '') return fallback;
  const bare = BARE_TYPES.get(value);
  return bare ?? TYPE.exec(value)?.[0].slice(0, MAX_TYPE) ?? 'text/plain';
};

const cidOf = (value: string | undefined): string | undefined =>
  (value && (/<([^<>]+)>/.exec(value)?.[1] ?? unfold(value)).trim().slice(0, MAX_CID)) || undefined;

const dispositionOf = (value: string | undefined): Entity['disposition'] => {
  if (!value) return null;
  // RFC 2183: a disposition that isn't known is an attachment
  return value === 'inline' ? 'inline' : 'attachment';
};

/** Bytes as Latin-1 characters, some of them above ASCII. */
const RAW = /^[\0-\xff]*[\x80-\xff][\0-\xff]*$/;

/** The first of these parameters that is present, if it has a value. */
const givenName = (field: Structured | null, ...keys: string[]): { value: string; isText: boolean } | undefined => {
  const key = keys.find(one => field?.params.has(one));
  const value = key && field?.params.get(key);
  return value && readableName(value) ? { value, isText: field?.texts.has(key as string) ?? false } : undefined;
};

/** Reads the Content-* fields of a node's header block; of repeated fields the first counts. `fallbackType`: for a part without Content-Type. */
export const readEntity = (fields: readonly Field[], parent: number, fallbackType: string): Entity => {
  const content = readStructured(firstValue(fields, 'content-type') ?? '');
  const dispositionField = firstValue(fields, 'content-disposition');
  const disposition = dispositionField === undefined ? null : readStructured(dispositionField);
  const type = typeOf(content.value, fallbackType);
  const charset = tokenOf(content.params.get('charset'));
  const flowed = /^flowed$/i.test(tokenOf(content.params.get('format')) ?? '');
  const given = givenName(disposition, 'filename', 'name') ?? givenName(content, 'name', 'filename');
  const name = readableName(given?.value, charset, given?.isText);
  const isRaw = !charset && given && !given.isText && RAW.test(given.value);
  const cid = cidOf(firstValue(fields, 'content-id'));
  const location = firstValue(fields, 'content-location');
  const boundary = withoutBlanksBehind(content.params.get('boundary') ?? '');
  return {
    parent,
    type,
    encoding: encodingOf(firstValue(fields, 'content-transfer-encoding')),
    disposition: dispositionOf(tokenOf(disposition?.value)),
    ...(charset && { charset }),
    ...(name && { name }),
    ...(isRaw && { rawName: given.value }),
    ...(cid && { cid }),
    ...(location && { location: unfold(location) }),
    ...(flowed && { flowed: { delSp: /^yes$/i.test(tokenOf(content.params.get('delsp')) ?? '') } }),
    ...(boundary && { boundary }),
    params: content.params,
    multipart: type.startsWith('multipart/'),
    children: 0,
    headerStart: 0,
    bodyStart: 0,
    bodyEnd: 0,
  };
};
