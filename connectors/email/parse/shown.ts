import type { Entity } from './entity.ts';

/** Which leaves of a mail (by index) are its text, its html and its parts. Decided without reading a body. */
export interface Shown {
  /** leaves that make up the text, in order */
  text: number[];
  /** leaves that make up the html, in order; the same as `text` where there is no alternative */
  html: number[];
  /** all other leaves, in order: the n-th part is parts[n - 1] */
  parts: number[];
}

const AS_TEXT = 1;
const AS_HTML = 2;

const PLAIN = new Set(['text/plain', 'text/enriched', 'text/richtext']);
/** Text types that are data, also when they are the only content. */
const DATA = /^text\/(?:calendar|x-vcalendar|vcard|x-vcard|directory|csv|rtf|xml|css|javascript|rfc822-headers)/;

/** Whether a leaf is HTML. */
export const isHtml = (entity: Entity): boolean => entity.type === 'text/html';

const isWhole = (entity: Entity): boolean => entity.parent < 0;

/** Whether a leaf can be shown as text. A multipart without parts counts as the text in it. */
const isReadable = (entity: Entity): boolean => {
  if (entity.disposition === 'attachment') return false;
  if (isHtml(entity) || PLAIN.has(entity.type) || entity.type.startsWith('multipart/')) return true;
  return isWhole(entity) && entity.type.startsWith('text/') && !DATA.test(entity.type);
};

const childrenOf = (entities: readonly Entity[]): number[][] => {
  const children: number[][] = entities.map(() => []);
  entities.forEach((entity, i) => {
    if (entity.parent >= 0) (children[entity.parent] as number[]).push(i);
  });
  return children;
};

/** Text leaves that are files all the same: named ones after the first text, and those that aren't the root of a multipart/related. */
const asFiles = (entities: readonly Entity[], children: readonly number[][]): Set<number> => {
  const files = new Set<number>();
  let texts = 0;
  entities.forEach((entity, i) => {
    if (entity.multipart || !isReadable(entity)) return;
    const parent = entities[entity.parent];
    const isBesideRoot = parent?.type === 'multipart/related' && children[entity.parent]?.[0] !== i;
    const isNamedFile = entity.name !== undefined && texts > 0 && parent?.type !== 'multipart/alternative';
    if (isNamedFile || (isBesideRoot && texts > 0)) files.add(i);
    else texts++;
  });
  return files;
};

/** Marks whether each subtree has text or html. Children come after their parents, so one pass backwards is enough. */
const contents = (entities: readonly Entity[], files: ReadonlySet<number>): Uint8Array => {
  const holds = new Uint8Array(entities.length);
  for (let i = entities.length - 1; i >= 0; i--) {
    const entity = entities[i] as Entity;
    if (!entity.multipart && isReadable(entity) && !files.has(i)) holds[i] = isHtml(entity) ? AS_HTML : AS_TEXT;
    if (entity.parent >= 0) holds[entity.parent] = (holds[entity.parent] as number) | (holds[i] as number);
  }
  return holds;
};

/** Chooses among alternatives: the last one that can be shown is the best, and the last one without html gives the text (RFC 2046, 5.1.4). */
const chooseAlternative = (own: number[], holds: Uint8Array, mode: number, modes: Uint8Array): void => {
  const html = own.findLast(child => (holds[child] as number) & AS_HTML);
  const text = own.findLast(child => holds[child] === AS_TEXT);
  if (html !== undefined && text !== undefined) {
    modes[html] = mode & AS_HTML;
    modes[text] = mode & AS_TEXT;
  } else {
    const only = html ?? text;
    if (only !== undefined) modes[only] = mode;
  }
};

/** Sorts the leaves of a mail. */
export const chooseShown = (entities: readonly Entity[]): Shown => {
  const children = childrenOf(entities);
  const files = asFiles(entities, children);
  const holds = contents(entities, files);
  const modes = new Uint8Array(entities.length);
  const shown: Shown = { text: [], html: [], parts: [] };
  modes[0] = AS_TEXT | AS_HTML;
  entities.forEach((entity, i) => {
    const mode = modes[i] as number;
    const own = children[i] as number[];
    if (entity.multipart) {
      if (entity.type === 'multipart/alternative') chooseAlternative(own, holds, mode, modes);
      else for (const child of own) modes[child] = mode;
      return;
    }
    const readable = isReadable(entity) && !files.has(i);
    if (readable && mode & AS_TEXT) shown.text.push(i);
    if (readable && mode & AS_HTML) shown.html.push(i);
    if (!readable || mode === 0) shown.parts.push(i);
  });
  return shown;
};
