import { NotTaken } from './commit.ts';

/** So many visitors are here at once: from one address (a university, a phone network), and in all. Each holds some of the memory for as long as it is. */
export const MOST_VISITORS = { ofOne: 1000, all: 4000 };

interface PlacesDeps {
  /** the addresses of those who are let in, once for each */
  here(): readonly string[];
  most: typeof MOST_VISITORS | undefined;
}

/** Places for visitors. */
export const makePlaces = ({ here, most = MOST_VISITORS }: PlacesDeps) => {
  const entering = new Set<{ address: string }>();

  const look = (address: string): void => {
    const taken = [...here(), ...[...entering].map(one => one.address)];
    if (taken.length >= most.all) throw new NotTaken('Too many chats are open. Try again later.', { again: true });
    if (taken.filter(one => one === address).length >= most.ofOne)
      throw new NotTaken('Too many chats are open from this address. Try again later.', { again: true });
  };

  return {
    /** Lets somebody in by `work`. Throws NotTaken, with words for the visitor, while there is no place. */
    enter: async <T>(address: string, work: () => Promise<T>): Promise<T> => {
      look(address);
      const one = { address };
      entering.add(one);
      try {
        return await work();
      } finally {
        entering.delete(one);
      }
    },
  };
};
