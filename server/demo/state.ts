import type { Models } from '../../models/index.ts';

const ID = 'demo';

/** What a demo's database remembers of itself, so that a later start goes on and makes nothing twice. */
export interface DemoState {
  /** the moment that the sample mails lead up to: with the seed it makes them the same again */
  now: Date;
  filled: boolean;
  /** when each mail of the living day was sent */
  sent: Date[];
}

/** The demo's own facts in `meta` of one database. */
export const makeDemoState = ({ meta, contacts, interactions, accounts }: Models) => {
  const isEmpty = async (): Promise<boolean> => {
    const found = await Promise.all([contacts.exists({}), interactions.exists({}), accounts.exists({})]);
    return found.every(one => one === null);
  };

  return {
    /** What is known of the demo here, begun when the database is empty; null: this database holds something else. */
    open: async (): Promise<DemoState | null> => {
      const there = await meta.findById(ID).lean();
      if (there) return there.value as DemoState;
      if (!(await isEmpty())) return null;
      const state: DemoState = { now: new Date(), filled: false, sent: [] };
      await meta.create([{ _id: ID, value: state }]);
      return state;
    },
    filled: async (): Promise<void> => {
      await meta.updateOne({ _id: ID }, { $set: { 'value.filled': true } });
    },
    sent: async (at: Date): Promise<void> => {
      await meta.updateOne({ _id: ID }, { $push: { 'value.sent': at } });
    },
  };
};
