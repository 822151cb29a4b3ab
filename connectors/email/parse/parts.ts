import type { Entity } from './entity.ts';
import { readableName } from './params.ts';
import type { Shown } from './shown.ts';
import type { MailBytes } from './source.ts';
import { readTnef, type Tnef, type TnefFile } from './tnef.ts';
import { decodeBody, decodedSize, makeBodyDecoder } from './transfer.ts';
import type { MailPart } from './types.ts';

/** Most parts that are listed, since an interaction is one document. `openPart` opens any part. */
export const MAX_LISTED = 1000;
const IN_MEMORY = 4 * 1024 * 1024;
const CHUNK = 256 * 1024;
const MAX_TNEF = 64 * 1024 * 1024;

/** A part: a leaf of the MIME tree, or a file in the winmail.dat that `entity` is. */
export interface PartRef {
  entity: Entity;
  packed?: TnefFile;
}

/** Whether a leaf is a winmail.dat (TNEF). */
export const isTnef = ({ type, name }: Entity): boolean =>
  /^application\/(?:vnd\.)?ms-tnef$/.test(type) || /^winmail\.dat$/i.test(name ?? '');

/** Unpacks a leaf that is a winmail.dat; null when it isn't one, or is too large. */
export const unpack = (mail: Pick<MailBytes, 'read'>, entity: Entity): Tnef | null =>
  entity.bodyEnd - entity.bodyStart > MAX_TNEF
    ? null
    : readTnef(decodeBody(mail.read(entity.bodyStart, entity.bodyEnd), entity.encoding));

/** All parts in order: the n-th is at index n - 1. The files in a winmail.dat follow it. */
export const partRefs = (mail: Pick<MailBytes, 'read'>, entities: readonly Entity[], shown: Shown): PartRef[] =>
  shown.parts.flatMap(index => {
    const entity = entities[index] as Entity;
    const files = isTnef(entity) ? (unpack(mail, entity)?.files ?? []) : [];
    return [{ entity }, ...files.map(packed => ({ entity, packed }))];
  });

/** Exact decoded size in bytes; a large body is decoded in pieces. */
const sizeOf = (mail: MailBytes, { bodyStart, bodyEnd, encoding }: Entity): number => {
  if (encoding === 'identity') return bodyEnd - bodyStart;
  if (bodyEnd - bodyStart <= IN_MEMORY) return decodedSize(mail.read(bodyStart, bodyEnd), encoding);
  const decoder = makeBodyDecoder(encoding);
  let size = 0;
  for (let at = bodyStart; at < bodyEnd; at += CHUNK)
    size += decoder.write(mail.read(at, Math.min(bodyEnd, at + CHUNK))).length;
  return size + decoder.end().length;
};

const isReferenced = (html: string | undefined, cid: string | undefined, location: string | undefined): boolean => {
  if (!html) return false;
  if (cid && (html.includes(`cid:${cid}`) || html.includes(`cid:${encodeURIComponent(cid)}`))) return true;
  return location !== undefined && location !== '' && html.includes(`"${location}"`);
};

/** What describing a part needs from the rest of the mail. */
interface Beside {
  html: string | undefined;
  /** charset of names that don't give theirs */
  charset: string | undefined;
}

const nameOf = ({ entity, packed }: PartRef, charset: string | undefined): string | undefined =>
  packed ? packed.name : entity.rawName ? readableName(entity.rawName, charset) : entity.name;

const describe = (mail: MailBytes, ref: PartRef, n: number, { html, charset }: Beside): MailPart => {
  const { entity, packed } = ref;
  const { cid, type } = packed ?? entity;
  const name = nameOf(ref, charset);
  const inline =
    isReferenced(html, cid, packed ? undefined : entity.location) || (!packed && entity.disposition === 'inline');
  const size = packed ? packed.bytes.length : sizeOf(mail, entity);
  return { n, ...(name && { name }), type, size, inline, ...(cid && { cid }) };
};

/** The parts of a mail as they are listed, numbered from 1, depth first. */
export const listParts = (mail: MailBytes, refs: readonly PartRef[], beside: Beside): MailPart[] =>
  refs.slice(0, MAX_LISTED).map((ref, i) => describe(mail, ref, i + 1, beside));
