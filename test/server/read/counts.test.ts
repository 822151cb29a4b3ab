import { expect } from 'chai';
import type { TimelineDoc } from '../../../models/timeline.ts';
import type { TimelineCounts } from '../../../server/http/dto/timeline.ts';
import { timelineCounts } from '../../../server/read/counts.ts';
import { native } from '../../../server/store/native.ts';
import { freshStore } from '../../support/capture.ts';
import { examined } from '../../support/profile.ts';
import { anyTag } from '../../support/retention.ts';

const LAST = Date.UTC(2026, 10, 1);
type Kind = Pick<TimelineDoc, 'channel' | 'direction' | 'files'>;
const kind = (channel: string, direction: TimelineDoc['direction'], files = false): Kind => ({
  channel,
  direction,
  files,
});

describe('read: counts of a contact with more entries than are counted', () => {
  let store: Awaited<ReturnType<typeof freshStore>>;
  let made = 0;

  /** So many entries of a kind, each older than all before; the same interactions for each contact. */
  const put = async (contacts: (string | null)[], count: number, of: Kind): Promise<void> => {
    const entries = Array.from({ length: count }, (): TimelineDoc[] => {
      made += 1;
      const at = new Date(LAST - made * 60_000);
      return contacts.map(contact => ({
        _id: `${made}:${contact ?? ''}`,
        contact,
        interaction: `${made}`,
        event: null,
        accounts: ['a'],
        ...of,
        occurredAt: at,
        capturedAt: at,
        preview: 'x',
        retention: anyTag,
      }));
    });
    await native(store.models.timeline).insertMany(entries.flat(), { ordered: false });
  };

  before(async () => {
    store = await freshStore();
    await put([null], 10_050, kind('email', 'inbound'));
    await put([null], 3, kind('call', 'inbound'));
    await put(['alone'], 10_050, kind('email', 'inbound'));
    await put(['alone'], 7, kind('email', 'outbound'));
    await put(['alone'], 4, kind('email', 'inbound', true));
    await put(['alone'], 3, kind('sms', 'outbound'));
    await put(['one', 'two'], 6000, kind('email', 'inbound'));
    await put(['one', 'two'], 5, kind('email', 'outbound'));
    await put(['one', 'two'], 2, kind('sms', 'inbound'));
  });
  after(() => store.close());

  const exactly = (count: number) => ({ count, more: false });
  const many = { count: 10_000, more: true };

  it('finds the rare ones behind those of another direction, and with files', async () => {
    const whose = { contacts: ['alone'], accounts: null };
    expect(await timelineCounts(store.models, whose, {})).to.deep.equal({
      total: many,
      channels: { email: many, sms: exactly(3) },
      directions: { inbound: many, outbound: exactly(10) },
      files: { true: exactly(4), false: many },
    });
    const outbound = await timelineCounts(store.models, whose, { direction: ['outbound'], channel: ['email'] });
    expect(outbound.total).to.deep.equal(exactly(7));
    expect(outbound.channels).to.deep.equal({ email: exactly(7), sms: exactly(3) });
  });

  it('finds the rare channels of what belongs to nobody by one entry a channel', async () => {
    let counts: TimelineCounts | undefined;
    const read = async () => {
      counts = await timelineCounts(store.models, { contacts: null, accounts: null }, {});
    };
    expect((await examined(store.models, 'find', read)).docs).to.equal(2);
    expect(counts?.channels).to.deep.equal({ call: exactly(3), email: many });
    expect((await examined(store.models, 'distinct', read)).docs).to.equal(0);
  });

  it('says that there are more where several contacts in one have each interaction twice', async () => {
    const whose = { contacts: ['one', 'two'], accounts: null };
    const { total, channels, directions, files } = await timelineCounts(store.models, whose, {});
    expect(channels.sms).to.deep.equal(exactly(2));
    expect(directions.outbound).to.deep.equal(exactly(5));
    expect(files.true).to.deep.equal(exactly(0));
    for (const cut of [total, channels.email, directions.inbound, files.false]) {
      expect(cut?.more).to.equal(true);
      expect(cut?.count).to.be.within(5000, 6007);
    }
  });

  it('counts each interaction of several contacts in one once', async () => {
    const whose = { contacts: ['one', 'two'], accounts: null };
    const { total } = await timelineCounts(store.models, whose, { to: new Date(LAST - (made - 4) * 60_000) });
    expect(total).to.deep.equal(exactly(4));
  });
});
