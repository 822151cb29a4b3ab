import { expect } from 'chai';
import { defaultPolicies, policyVersion } from '../../../config/policies.ts';
import {
  type Policy,
  quarantineTag,
  type RetentionFacts,
  stampRetention,
  toLocalDay,
} from '../../../server/rules/retention.ts';

const zone = 'Europe/Helsinki';
const policies = new Map<string, Policy>(
  defaultPolicies.map(policy => [policy.id, { ...policy, version: policyVersion(policy) }]),
);
const none = { startedAt: null, endedAt: null };
const until = (endedAt: string | null) => ({ relationship: { startedAt: null, endedAt } });
const facts = (over: Partial<RetentionFacts> = {}): RetentionFacts => ({
  contact: { provisional: false, relationship: none },
  organisation: null,
  occurredAt: new Date('2024-03-10T12:00:00Z'),
  capturedAt: new Date('2024-03-11T12:00:00Z'),
  zone,
  ...over,
});
const known = (endedAt: string | null) => ({ provisional: false, ...until(endedAt) });
const stamped = (over: Partial<RetentionFacts>) => {
  const { policy, triggerAt, keepUntil } = stampRetention(policies, facts(over));
  return [policy, triggerAt, keepUntil];
};

describe('rules/retention', () => {
  it('keeps while the relationship lasts, also when no date is known', () => {
    expect(stampRetention(policies, facts())).to.deep.equal({
      policy: 'customer-relationship',
      policyVersion: policyVersion(defaultPolicies[0] as (typeof defaultPolicies)[number]),
      purpose: defaultPolicies[0]?.purpose,
      legalBasis: defaultPolicies[0]?.legalBasis,
      trigger: 'relationship-end',
      period: 'P5Y',
      triggerAt: null,
      keepUntil: null,
    });
    expect(stamped({ organisation: until(null) })).to.deep.equal(['customer-relationship', null, null]);
  });

  it('counts five years from the earliest end, or from the interaction when that is later', () => {
    expect(stamped({ contact: known('2024-06-30') })[1]).to.equal('2024-06-30');
    expect(stamped({ contact: known('2024-06-30') })[2]).to.equal('2029-06-30');
    expect(stamped({ contact: known('2024-06-30'), organisation: until('2024-05-31') })[1]).to.equal('2024-05-31');
    expect(stamped({ contact: known('2024-05-31'), organisation: until('2024-06-30') })[1]).to.equal('2024-05-31');
    expect(stamped({ organisation: until('2024-05-31') })[2]).to.equal('2029-05-31');
    expect(stamped({ contact: known('2020-01-01') })).to.deep.equal([
      'customer-relationship',
      '2024-03-10',
      '2029-03-10',
    ]);
  });

  it('29 February and five years is 28 February', () => {
    expect(stamped({ contact: known('2024-02-29'), occurredAt: new Date('2024-01-01T00:00:00Z') })[2]).to.equal(
      '2029-02-28',
    );
  });

  it('cuts the day where the hub is', () => {
    const late = { contact: known('2020-01-01'), occurredAt: new Date('2024-03-10T22:30:00Z') };
    expect(stamped(late)[1]).to.equal('2024-03-11');
    expect(stamped({ ...late, zone: 'UTC' })[1]).to.equal('2024-03-10');
    expect(stamped({ ...late, zone: 'America/New_York' })[1]).to.equal('2024-03-10');
  });

  it('keeps unknown senders and what is nobody’s for a year from its capture', () => {
    const contact = { provisional: true, relationship: { startedAt: null, endedAt: '2020-01-01' } };
    expect(stamped({ contact })).to.deep.equal(['unknown-sender', '2024-03-11', '2025-03-11']);
    expect(stamped({ contact: null })).to.deep.equal(['unlinked', '2024-03-11', '2025-03-11']);
    const late = new Date('2024-02-28T22:30:00Z');
    expect(quarantineTag(policies, late, zone)).to.include({
      policy: 'quarantine',
      triggerAt: '2024-02-29',
      keepUntil: '2025-02-28',
    });
  });

  it('refuses to stamp by a policy that is not there or can’t be counted', () => {
    expect(() => stampRetention(new Map(), facts())).to.throw('customer-relationship');
    const policy = policies.get('customer-relationship') as Policy;
    const only = (over: Partial<Policy>) => new Map([[policy.id, { ...policy, ...over }]]);
    expect(() => stampRetention(only({ trigger: 'whim' }), facts())).to.throw('whim');
    expect(() => stampRetention(only({ period: '5 years' }), facts({ contact: known('2024-06-30') }))).to.throw(
      '5 years',
    );
  });

  it('a word changed in a policy is another version', () => {
    const [first] = defaultPolicies;
    if (!first) throw new Error('no policies');
    expect(policyVersion(first)).to.match(/^[0-9a-f]{12}$/);
    expect(policyVersion({ ...first })).to.equal(policyVersion(first));
    for (const field of ['purpose', 'legalBasis', 'period', 'id'] as const)
      expect(policyVersion({ ...first, [field]: 'P6Y' })).to.not.equal(policyVersion(first));
  });

  it('takes days and instants, and no nonsense', () => {
    expect(toLocalDay('2024-02-29', zone)).to.equal('2024-02-29');
    expect(toLocalDay(' 2024-02-28T22:30:00Z ', zone)).to.equal('2024-02-29');
    expect(toLocalDay('2024-02-28T23:30:00+02:00', zone)).to.equal('2024-02-28');
    expect(toLocalDay('2024-02-28T23:30', zone)).to.equal('2024-02-28');
    expect(toLocalDay(new Date('2024-02-28T22:30:00Z'), zone)).to.equal('2024-02-29');
    expect(toLocalDay(new Date('1920-06-01T22:00:00Z'), zone)).to.equal('1920-06-01');
    for (const text of [
      '',
      'soon',
      '2023-02-29',
      '2024-13-01',
      '2024-1-1',
      '2024',
      '2024-W05',
      '20240101',
      '1.1.2024',
      '2024-02-30T10:00:00Z',
      '2024-02-28T25:00:00Z',
    ])
      expect(toLocalDay(text, zone), text).to.equal(null);
  });

  it('stamps far more than a hub takes in', () => {
    const started = performance.now();
    for (let i = 0; i < 20_000; i++)
      stampRetention(
        policies,
        facts({ contact: known('2020-01-01'), occurredAt: new Date(1.7e12 + (i % 2000) * 3_600_000) }),
      );
    expect(20_000 / ((performance.now() - started) / 1000)).to.be.above(20_000);
  });
});
