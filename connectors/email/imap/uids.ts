import type { ImapFlow } from 'imapflow';

/** Longest sequence set (characters) in one command: servers may refuse lines above 8 KB (RFC 7162, section 4). */
const MAX_SET = 4000;

const span = (from: number, to: number) => (from === to ? `${from}` : `${from}:${to}`);

/** Sequence sets that name exactly these UIDs (ascending), each short enough for one command. */
export const toSets = (uids: readonly number[]): string[] => {
  const sets: string[] = [];
  let set = '';
  for (let i = 0; i < uids.length; ) {
    const from = uids[i] as number;
    let to = from;
    while (uids[++i] === to + 1) to++;
    const next = span(from, to);
    if (set && set.length + next.length >= MAX_SET) {
      sets.push(set);
      set = '';
    }
    set += set ? `,${next}` : next;
  }
  if (set) sets.push(set);
  return sets;
};

const ascending = (uids: Iterable<number>): number[] => [...new Set(uids)].sort((a, b) => a - b);

/** As `inSet`, for servers that refuse a SEARCH: FETCH gives the same with a longer answer. */
const byFetch = async (client: ImapFlow, set: string, since: Date | null): Promise<number[]> => {
  const uids: number[] = [];
  for await (const row of client.fetch(set, { uid: true, internalDate: since !== null }, { uid: true })) {
    const arrived = row.internalDate instanceof Date ? row.internalDate : null;
    if (!since || !arrived || arrived >= since) uids.push(row.uid);
  }
  return uids;
};

const inSet = async (client: ImapFlow, set: string, since: Date | null): Promise<number[]> => {
  const found = await client.search({ uid: set, ...(since && { since }) }, { uid: true });
  return found || byFetch(client, set, since);
};

/** UIDs above `after` that arrived on the day of `since` or later, ascending. Needs an open folder. */
export const uidsAfter = async (client: ImapFlow, after: number, since: Date | null): Promise<number[]> => {
  if (client.mailbox && client.mailbox.exists === 0) return [];
  // `n:*` names the last message too when its UID is below n (RFC 3501, section 6.4.8)
  return ascending(await inSet(client, `${after + 1}:*`, since)).filter(uid => uid > after);
};

/** Those of these UIDs that the folder still has. NOOP comes first, so that the server can report what was expunged. */
export const stillThere = async (client: ImapFlow, uids: readonly number[]): Promise<number[]> => {
  await client.noop();
  const there = new Set<number>();
  for (const set of toSets(uids)) for (const uid of await inSet(client, set, null)) there.add(uid);
  return uids.filter(uid => there.has(uid));
};
