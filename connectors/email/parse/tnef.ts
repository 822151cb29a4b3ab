import libmime from 'libmime';
import { decodeText } from './charset.ts';
import { type MapiProps, readMapiProps, textOf } from './tnef-mapi.ts';

/** A file that Outlook packed into winmail.dat (MS-OXTNEF). */
export interface TnefFile {
  name?: string;
  type: string;
  cid?: string;
  bytes: Buffer;
}

/** The content of a winmail.dat. */
export interface Tnef {
  files: TnefFile[];
  text?: string;
  html?: string;
}

const SIGNATURE = 0x223e9f78;
const LEVEL_ATTACHMENT = 2;
const ATTR = {
  body: 0x800c,
  data: 0x800f,
  title: 0x8010,
  rendering: 0x9002,
  messageProps: 0x9003,
  attachmentProps: 0x9005,
  codepage: 0x9007,
};
/** Type of a property that is an object (MS-OXCDATA, 2.11.1): an attached message, an OLE object. */
const OBJECT = 0x0d;
const PROP = {
  body: 0x1000,
  html: 0x1013,
  object: 0x3701,
  longName: 0x3707,
  shortName: 0x3704,
  displayName: 0x3001,
  mime: 0x370e,
  cid: 0x3712,
};
const MAX_FILES = 500;

interface Attribute {
  level: number;
  id: number;
  data: Buffer;
}

interface Loose {
  title?: Buffer;
  data?: Buffer;
  props?: MapiProps;
}

/** Attributes in order; of a truncated file those that are complete. */
const attributes = function* (bytes: Buffer): Generator<Attribute> {
  for (let at = 6; at + 9 <= bytes.length; ) {
    const length = bytes.readUInt32LE(at + 5);
    const end = at + 9 + length;
    if (end > bytes.length) return;
    yield { level: bytes[at] as number, id: bytes.readUInt16LE(at + 1), data: bytes.subarray(at + 9, end) };
    at = end + 2;
  }
};

const codepage = (data: Buffer | undefined): string => {
  const page = data && data.length >= 4 ? data.readUInt32LE(0) : 1252;
  return page === 65001 ? 'utf-8' : `cp${page}`;
};

const untilZero = (data: Buffer): Buffer => {
  const zero = data.indexOf(0);
  return zero < 0 ? data : data.subarray(0, zero);
};

const typeFor = (name: string | undefined): string => {
  const extension = name && /\.([a-z0-9]{1,10})$/i.exec(name)?.[1];
  return extension ? libmime.detectMimeType(extension) : 'application/octet-stream';
};

const isTnefFile = (bytes: Buffer): boolean => bytes.length >= 6 && bytes.readUInt32LE(0) === SIGNATURE;

const asFile = ({ title, data, props }: Loose, charset: string): TnefFile | null => {
  const text = (id: number) => textOf(props?.get(id), charset);
  const held = props?.get(PROP.object);
  // an object's data begins with the 16 bytes of its interface id; the attachment data beside it is only a stub for readers that don't know objects
  const bytes = held?.type === OBJECT ? held.data.subarray(16) : (data ?? held?.data);
  if (!bytes) return null;
  const name =
    text(PROP.longName) ??
    text(PROP.displayName) ??
    (title && decodeText(untilZero(title), charset)) ??
    text(PROP.shortName);
  const cid = text(PROP.cid);
  const type = text(PROP.mime)?.toLowerCase() ?? (isTnefFile(bytes) ? 'application/ms-tnef' : typeFor(name));
  return { ...(name && { name }), type, ...(cid && { cid }), bytes };
};

const asText = (body: Buffer | undefined, props: MapiProps | undefined, charset: string): string | undefined =>
  textOf(props?.get(PROP.body), charset) ?? (body && decodeText(untilZero(body), charset));

/** Unpacks a winmail.dat (MS-OXTNEF); null when it isn't one. A damaged one gives what can be read. */
export const readTnef = (bytes: Buffer): Tnef | null => {
  if (!isTnefFile(bytes)) return null;
  const files: Loose[] = [];
  let body: Buffer | undefined;
  let props: MapiProps | undefined;
  let page: Buffer | undefined;
  for (const { level, id, data } of attributes(bytes)) {
    if (level === LEVEL_ATTACHMENT && id === ATTR.rendering && files.length < MAX_FILES) files.push({});
    const file = files.at(-1);
    if (level === LEVEL_ATTACHMENT && file) {
      if (id === ATTR.title) file.title = data;
      else if (id === ATTR.data) file.data = data;
      else if (id === ATTR.attachmentProps) file.props = readMapiProps(data);
    } else if (id === ATTR.body) body = data;
    else if (id === ATTR.messageProps) props = readMapiProps(data);
    else if (id === ATTR.codepage) page = data;
  }
  const charset = codepage(page);
  const text = asText(body, props, charset);
  const html = props?.get(PROP.html);
  return {
    files: files.flatMap(file => asFile(file, charset) ?? []),
    ...(text && { text }),
    ...(html && { html: decodeText(untilZero(html.data), charset) }),
  };
};
