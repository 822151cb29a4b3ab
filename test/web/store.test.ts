import { expect } from 'chai';
import fc from 'fast-check';
import type { TimelineEntry } from '../../server/http/dto/timeline.ts';
import { arrived, type Loaded, merged, reaches, refreshed, without } from '../../web/timeline/store.ts';

const entry = (id: string, minute: number, subject = id): TimelineEntry => ({
  id,
  contact: 'c',
  interaction: id,
  event: null,
  channel: 'email',
  direction: 'inbound',
  occurredAt: new Date(minute * 60_000).toISOString(),
  capturedAt: new Date(minute * 60_000).toISOString(),
  subject,
  preview: '',
  files: false,
  status: null,
  messages: null,
  said: null,
  from: null,
  reason: null,
  retention: {
    policy: 'p',
    policyVersion: 'v',
    purpose: '',
    legalBasis: '',
    trigger: 'captured',
    period: 'P1Y',
    triggerAt: null,
    keepUntil: null,
  },
});
const ids = ({ entries }: Loaded) => entries.map(({ id }) => id);

describe('what is loaded of a timeline', () => {
  it('is in order and without doubles, in whatever order pages and live entries come', () => {
    const all = Array.from({ length: 30 }, (_, at) => entry(`e${String(at).padStart(2, '0')}`, Math.floor(at / 3)));
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: 30 }), fc.integer({ min: 1, max: 29 }), (shuffled, cut) => {
        const once = merged({ entries: [], before: null }, shuffled.slice(0, cut + 1));
        const twice = merged(once, shuffled.slice(Math.max(0, cut - 5)));
        expect(ids(twice)).to.deep.equal(ids({ entries: all, before: null }));
      }),
    );
  });

  it('takes the newer form of an entry, also under another id', () => {
    const before: Loaded = { entries: [entry('a', 1), entry('b', 2)], before: null };
    const moved = { ...entry('a', 1, 'moved'), id: 'a:other', interaction: 'a' };
    const { entries } = merged(before, [moved]);
    expect(entries.map(({ id, subject }) => [id, subject])).to.deep.equal([
      ['a:other', 'moved'],
      ['b', 'b'],
    ]);
  });

  it('is without what left, and the same when that was not in it', () => {
    const before: Loaded = { entries: [entry('a', 1), entry('b', 2)], before: 'cursor' };
    expect(ids(without(before, 'a'))).to.deep.equal(['b']);
    expect(without(before, 'a').before).to.equal('cursor');
    expect(without(before, 'c')).to.equal(before);
  });

  it('leaves out what arrives late below its oldest, until its page is loaded', () => {
    const half: Loaded = { entries: [entry('m', 10)], before: 'cursor' };
    expect(arrived(half, entry('old', 5))).to.equal(half);
    expect(ids(arrived(half, entry('new', 15)))).to.deep.equal(['m', 'new']);
    expect(ids(arrived({ ...half, before: null }, entry('old', 5)))).to.deep.equal(['old', 'm']);
  });

  describe('read again after a break', () => {
    const asked: Loaded = { entries: [entry('a', 1), entry('b', 2), entry('c', 3)], before: 'older' };

    it('has what came below its newest, and not what went', () => {
      const now = [entry('d', 4), entry('c', 3), entry('late', 2.5), entry('a', 1)];
      expect(refreshed(asked, asked, now, 'next')).to.deep.equal({ entries: now.toReversed(), before: 'next' });
      expect(refreshed(asked, asked, [], null)).to.deep.equal({ entries: [], before: null });
    });

    it('keeps what came live meanwhile, and leaves out what went', () => {
      const loaded = merged(without(asked, 'b'), [entry('live', 9)]);
      const now = [entry('c', 3), entry('b', 2), entry('a', 1)];
      expect(ids(refreshed(loaded, asked, now, 'next'))).to.deep.equal(['a', 'c', 'live']);
    });

    it('stays as it was below what was read', () => {
      const { entries, before } = refreshed(asked, asked, [entry('d', 4), entry('c', 3)], 'next');
      expect(entries.map(({ id }) => id)).to.deep.equal(['a', 'b', 'c', 'd']);
      expect(before).to.equal('older');
    });

    it('is read down to its oldest', () => {
      expect(reaches([entry('c', 3), entry('b', 2)], asked)).to.equal(false);
      expect(reaches([entry('b', 2), entry('a', 1)], asked)).to.equal(true);
      expect(reaches([entry('z', 0)], asked)).to.equal(true);
      expect(reaches([], { entries: [], before: null })).to.equal(true);
    });
  });
});
