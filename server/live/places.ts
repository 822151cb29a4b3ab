import { NotTaken } from './commit.ts';

/** Most visitors at once: from one IP address (it may be a university's or a phone network's), and in all. Each one takes memory. */
export const MOST_VISITORS = { ofOne: 1000, all: 4000 };

interface PlacesDeps {
  /** the IP addresses of all connected visitors, with repetitions */
  here(): readonly string[];
  most: typeof MOST_VISITORS | undefined;
}

/** Limits the number of visitors. */
export const makePlaces = ({ here, most = MOST_VISITORS }: PlacesDeps) => {
  const entering = new Set<{ address: string }>();

  const look = (address: string): void => {
    const taken = [...here(), ...[...entering].map(one => one.address)];
    if (taken.length >= most.all) throw new NotTaken('Too many chats are open. Try again later.', { again: true });
    if (taken.filter(one => one === address).length >= most.ofOne)
      throw new NotTaken('Too many chats are open from this address. Try again later.', { again: true });
  };

  return {
    /** Runs `work`, which lets a visitor in. Throws NotTaken, with a message for the visitor, when there are too many. */
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
