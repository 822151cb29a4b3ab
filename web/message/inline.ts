import { send } from '../api/client.ts';
import type { Interaction, Part } from '../api/types.ts';

/** Types of images that are shown in a mail: raster images only, up to `largest` bytes, since they become data: URLs. */
const shown = /^image\/(png|jpe?g|gif|webp|bmp)$/i;
const largest = 8_000_000;

/** URL of a part of an interaction. */
export const partAddress = (id: string, n: number): string =>
  `/api/v1/interactions/${encodeURIComponent(id)}/parts/${n}`;

const dataAddress = (bytes: Blob, type: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(new Blob([bytes], { type }));
  });

const bare = (cid: string) => cid.replace(/^<|>$/g, '').toLowerCase();

/** The part with this Content-ID (with or without angle brackets, in any case). */
export const partOf = (parts: readonly Part[], cid: string): Part | undefined =>
  parts.find(part => part.cid && bare(part.cid) === bare(cid));

/** Fetches a mail's inline images: Content-ID → data: URL. Those that can't be fetched are left out. */
export const inlineImages = async (
  { id, parts }: Interaction,
  cids: readonly string[],
): Promise<Map<string, string>> => {
  const wanted = [...new Set(cids)].flatMap(cid => {
    const part = partOf(parts, cid);
    return part && shown.test(part.type) && part.size <= largest ? [{ cid, part }] : [];
  });
  const images = await Promise.allSettled(
    wanted.map(async ({ cid, part }) => {
      const response = await send(`/interactions/${encodeURIComponent(id)}/parts/${part.n}`);
      return [cid, await dataAddress(await response.blob(), part.type)] as const;
    }),
  );
  return new Map(images.flatMap(image => (image.status === 'fulfilled' ? [image.value] : [])));
};
