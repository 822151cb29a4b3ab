/** An earlier interaction: the keys by which it is found, and its conversation. */
export interface Threaded {
  conversation: string;
  threadKeys: readonly string[];
}

/** An item to be placed. */
export interface ThreadQuery {
  id: string;
  /** hashed keys that name this item or those it answers */
  threadKeys: readonly string[];
  /** weaker keys, looked up only when none of `threadKeys` is known, and only with `lookUpLastResort` */
  lastResort: readonly string[];
  lookUpLastResort: boolean;
}

/** The conversation of an item. */
export interface Placement {
  conversation: string;
  /** conversations that turned out to be part of this one */
  joins: string[];
}

/**
 * Places items in conversations (RFC 5322 3.6.4), one after another, each knowing those before it. A conversation has the id of its first interaction. An item
 * that answers two conversations joins them, in whatever order the items come.
 */
export const makeThreading = (known: readonly Threaded[]) => {
  const conversations = new Map<string, string>();
  for (const { threadKeys, conversation } of known) {
    for (const key of threadKeys) if (!conversations.has(key)) conversations.set(key, conversation);
  }

  const lookUp = (keys: readonly string[]): string[] => [
    ...new Set(keys.map(key => conversations.get(key)).filter(found => found !== undefined)),
  ];

  return ({ id, threadKeys, lastResort, lookUpLastResort }: ThreadQuery): Placement => {
    const strong = lookUp(threadKeys);
    const [conversation = id, ...joins] =
      strong.length > 0 ? strong : lookUp(lookUpLastResort ? lastResort : []).slice(0, 1);
    for (const key of [...threadKeys, ...lastResort]) conversations.set(key, conversation);
    if (joins.length > 0) {
      for (const [key, value] of conversations) if (joins.includes(value)) conversations.set(key, conversation);
    }
    return { conversation, joins };
  };
};
