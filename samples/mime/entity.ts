import type { SampleFile } from '../files/file.ts';
import { bytesOf, type Charset, type Encoding, encodeBody } from './encode.ts';
import { type NameStyle, nameParameter } from './headers.ts';

/** A MIME entity: its Content-* lines, and its body in pieces; strings are Latin-1, so ASCII costs nothing. */
export interface Entity {
  head: string;
  body: (string | Buffer)[];
}

export interface TextStyle {
  charset: Charset;
  encoding: Encoding;
  /** the charset that the header claims, when it isn't the true one */
  label?: string;
  /** further parameters of Content-Type, such as `; format=flowed` */
  parameters?: string;
}

/** Ends lines with CRLF. */
export const crlf = (text: string): string => text.replace(/\r?\n/g, '\r\n');

/** A text part. 7bit text must be ASCII. */
export const textEntity = (subtype: string, text: string, style: TextStyle): Entity => {
  const bytes = bytesOf(crlf(text), style.charset);
  const head =
    `Content-Type: text/${subtype}; charset=${style.label ?? style.charset}${style.parameters ?? ''}\r\n` +
    `Content-Transfer-Encoding: ${style.encoding}\r\n`;
  return { head, body: [encodeBody(bytes, style.encoding)] };
};

/** A file as an attachment, or shown inside an HTML text when it has a `cid`. */
export const fileEntity = (file: SampleFile, style: NameStyle, cid?: string): Entity => {
  const head =
    `Content-Type: ${file.type};${nameParameter('name', file.name, style === 'encoded-word' ? style : 'rfc2231')}\r\n` +
    `Content-Disposition: ${cid ? 'inline' : 'attachment'};${nameParameter('filename', file.name, style)}\r\n` +
    (cid ? `Content-ID: <${cid}>\r\n` : '') +
    'Content-Transfer-Encoding: base64\r\n';
  return { head, body: file.encoded };
};

/** A multipart of `children`; `parameters` are further ones of Content-Type. */
export const multipart = (subtype: string, children: readonly Entity[], boundary: string, parameters = ''): Entity => {
  const body: (string | Buffer)[] = [];
  for (const child of children) {
    body.push(`--${boundary}\r\n${child.head}\r\n`, ...child.body, '\r\n');
  }
  body.push(`--${boundary}--\r\n`);
  return { head: `Content-Type: multipart/${subtype};\r\n\tboundary="${boundary}"${parameters}\r\n`, body };
};

/** A whole mail inside another one. */
export const messageEntity = (raw: Buffer, subtype = 'rfc822'): Entity => ({
  head: `Content-Type: message/${subtype}\r\nContent-Disposition: inline\r\n`,
  body: [raw],
});

/** The bytes of a mail. `fields` are header lines that each end with CRLF; raw UTF-8 in them stays raw. */
export const serialise = (fields: string, entity: Entity): Buffer =>
  Buffer.concat([
    Buffer.from(fields, 'utf8'),
    Buffer.from(`MIME-Version: 1.0\r\n${entity.head}\r\n`, 'latin1'),
    ...entity.body.map(piece => (typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece)),
  ]);
