import type { Entity } from './entity.ts';
import type { Shown } from './shown.ts';
import type { MailBytes } from './source.ts';
import { decodedSize, makeBodyDecoder } from './transfer.ts';
import type { MailPart } from './types.ts';

/** Parts that are listed: an interaction is one document, and nobody reads further. `openPart` opens any. */
export const MAX_LISTED = 1000;
const IN_MEMORY = 4 * 1024 * 1024;
const CHUNK = 256 * 1024;

/** Exact decoded size; a large body is counted in pieces. */
const sizeOf = (mail: MailBytes, entity: Entity): number => {
  const { bodyStart, bodyEnd, encoding } = entity;
  if (encoding === 'identity') return bodyEnd - bodyStart;
  if (bodyEnd - bodyStart <= IN_MEMORY) return decodedSize(mail.read(bodyStart, bodyEnd), encoding);
  const decoder = makeBodyDecoder(encoding);
  let size = 0;
  for (let at = bodyStart; at < bodyEnd; at += CHUNK)
    size += decoder.write(mail.read(at, Math.min(bodyEnd, at + CHUNK))).length;
  return size + decoder.end().length;
};

const isReferenced = (html: string | undefined, { cid, location }: Entity): boolean => {
  if (!html) return false;
  if (cid && (html.includes(`cid:${cid}`) || html.includes(`cid:${encodeURIComponent(cid)}`))) return true;
  return location !== undefined && location !== '' && html.includes(`"${location}"`);
};

/** The parts of a mail: leaves that aren't shown, numbered from 1, depth first. */
export const listParts = (
  mail: MailBytes,
  entities: readonly Entity[],
  shown: Shown,
  html: string | undefined,
): MailPart[] =>
  shown.parts.slice(0, MAX_LISTED).map((index, i) => {
    const entity = entities[index] as Entity;
    const inline = entity.disposition === 'inline' || isReferenced(html, entity);
    return {
      n: i + 1,
      ...(entity.name && { name: entity.name }),
      type: entity.type,
      size: sizeOf(mail, entity),
      inline,
      ...(entity.cid && { cid: entity.cid }),
    };
  });
