import type { AccountDoc } from '../../models/accounts.ts';
import type { ContactDoc } from '../../models/contacts.ts';
import { trusted } from '../../models/schema.ts';
import type { SuggestionDoc } from '../../models/suggestions.ts';
import type { IdentifierValue } from '../../models/types.ts';
import type { CappedCount } from '../http/dto/timeline.ts';
import { MOST_COUNTED } from '../read/counts.ts';
import { cutPage, decodeCursor, encodeCursor, olderThan } from '../read/cursor.ts';
import { identifierKey } from '../rules/identity.ts';
import { type RegisterContext, transact } from './context.ts';
import { joinIdentifiers } from './joins.ts';
import type { Actor, Page } from './types.ts';

const DEFAULT_LIMIT = 50;

/** The contact that has an identifier now. */
interface Owner {
  id: string;
  name: ContactDoc['name'];
  provisional: boolean;
}

/** Two identifiers that may be one person's, as an agent sees it. */
export interface SuggestionView {
  id: string;
  identifiers: (IdentifierValue & { contact: Owner | null })[];
  /** in words: which source reported it, or why it couldn't be joined */
  reason: string;
  account: string;
  item: string;
  at: string;
  state: SuggestionDoc['state'];
}

/** Pairs of identifiers that may belong to one person. */
export interface Suggestions {
  /** Those that wait for a decision, newest first. `accounts`: only those that these accounts reported; null: all. */
  list(query: {
    accounts: readonly string[] | null;
    limit?: number;
    before?: string | undefined;
  }): Promise<Page<SuggestionView>>;
  /** How many wait, up to a maximum, without any personal data. */
  count(accounts: readonly string[] | null): Promise<CappedCount>;
  /** The account that reported a suggestion; null when there is no such one. */
  accountOf(id: string): Promise<string | null>;
  /** Joins or dismisses one; a decided one stays as it is. Null when there is no such one. `obstacle`: why it couldn't be joined, in words. */
  decide(
    id: string,
    what: 'join' | 'dismiss',
    actor: Actor,
  ): Promise<{ view: SuggestionView; obstacle: string | null } | null>;
}

/** Condition for those that wait for a decision: a proven one without an obstacle is joined by a job. */
const waiting = { $or: [{ proven: false }, { obstacle: trusted({ $ne: null }) }] };

/** Makes `Suggestions`. */
export const makeSuggestions = (context: RegisterContext): Suggestions => {
  const { models } = context;

  const ownersOf = async (rows: readonly SuggestionDoc[]): Promise<Map<string, Owner>> => {
    const keys = rows.flatMap(({ identifiers }) => identifiers.map(identifierKey));
    const owned = await models.identifiers.find({ _id: trusted({ $in: keys }) }).lean();
    const ids = owned.map(({ contact }) => contact);
    const contacts = await models.contacts.find({ _id: trusted({ $in: ids }) }, { name: 1, provisional: 1 }).lean();
    const byId = new Map(contacts.map(({ _id, name, provisional }) => [_id, { id: _id, name, provisional }]));
    return new Map(
      owned.flatMap(({ _id, contact }) => {
        const owner = byId.get(contact);
        return owner ? [[_id, owner] as const] : [];
      }),
    );
  };

  const views = async (rows: readonly SuggestionDoc[]): Promise<SuggestionView[]> => {
    if (rows.length === 0) return [];
    const owners = await ownersOf(rows);
    const accounts = await models.accounts
      .find({ _id: trusted({ $in: rows.map(({ account }) => account) }) }, { name: 1 })
      .lean<Pick<AccountDoc, '_id' | 'name'>[]>();
    const names = new Map(accounts.map(({ _id, name }) => [_id, name]));
    return rows.map(({ _id, identifiers, account, item, at, state, obstacle, proven }) => ({
      id: _id,
      identifiers: identifiers.map(one => ({ ...one, contact: owners.get(identifierKey(one)) ?? null })),
      reason:
        obstacle ??
        `“${names.get(account) ?? 'A source'}” says that both are one person’s${proven ? '.' : ', and doesn’t prove it.'}`,
      account,
      item,
      at: at.toISOString(),
      state,
    }));
  };

  const saidBy = (accounts: readonly string[] | null) =>
    accounts === null ? {} : { account: trusted({ $in: [...accounts] }) };

  return {
    async list({ accounts, limit = DEFAULT_LIMIT, before }) {
      const place = decodeCursor(before);
      const rows = await models.suggestions
        .find({ state: 'open', $and: [waiting, olderThan('at', place)], ...saidBy(accounts) })
        .sort({ at: -1, _id: -1 })
        .limit(limit + 1)
        .lean<SuggestionDoc[]>();
      const { shown, next } = cutPage(rows, limit, ({ at, _id: id }) => encodeCursor({ at, id }));
      return { items: await views(shown), next };
    },
    async count(accounts) {
      const found = await models.suggestions.countDocuments(
        { state: 'open', ...waiting, ...saidBy(accounts) },
        { limit: MOST_COUNTED + 1 },
      );
      return { count: Math.min(found, MOST_COUNTED), more: found > MOST_COUNTED };
    },
    accountOf: async id => (await models.suggestions.findById(id, { account: 1 }).lean())?.account ?? null,
    async decide(id, what, actor) {
      const done = await transact(context, async tx => {
        const { session } = tx;
        const row = await models.suggestions.findById(id, null, { session }).lean<SuggestionDoc>();
        if (row?.state !== 'open') return row && { row, obstacle: null };
        const joined = what === 'join' ? await joinIdentifiers(context, tx, row, actor) : null;
        const obstacle = joined && 'obstacle' in joined ? joined.obstacle : null;
        const state = joined ? 'joined' : 'dismissed';
        const set = obstacle === null ? { state, decidedBy: actor.who } : { obstacle };
        await models.suggestions.updateOne({ _id: id }, { $set: set }, { session });
        return { row: { ...row, ...set } as SuggestionDoc, obstacle };
      });
      const [view] = done ? await views([done.row]) : [];
      return done && view ? { view, obstacle: done.obstacle } : null;
    },
  };
};
