import { digestOf } from '../../common/raw.ts';
import type { Captured } from '../../contract.ts';
import type { Entry } from './archive.ts';
import type { Piece } from './pieces.ts';

/** An item that may lie in quarantine under this locator, too. */
export const alsoAs = (item: Captured, locator: string): Captured => ({
  ...item,
  quarantinedAs: [...(item.quarantinedAs ?? []), locator],
});

/** The first thing that is taken of a file closes the row of the file as a whole: it is read now. */
export async function* closingRowOf(
  file: Entry,
  pieces: AsyncIterable<Piece> | Iterable<Piece>,
): AsyncGenerator<Piece> {
  let isOpen = true;
  for await (const piece of pieces)
    yield async () => {
      const given = await piece();
      const [first, ...more] = given.items ?? [];
      if (!isOpen || !first) return given;
      isOpen = false;
      const { sha256 } = await digestOf(file.open());
      return { ...given, items: [alsoAs(first, `file/${sha256}`), ...more] };
    };
}
