import { createHmac } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { type ChatConfig, configSchema } from '../../../connectors/chat/config.ts';
import { identityHmac, readIdentity } from '../../../connectors/chat/identity.ts';
import { fold, fromAgent, fromVisitor } from '../../../connectors/chat/messages.ts';
import { greet, resume } from '../../../connectors/chat/visitor.ts';
import { ConnectorError, type Said, type Visitor } from '../../../connectors/contract.ts';
import { isSameIdentifier } from '../../../server/rules/identity.ts';

const SECRET = 'a secret of this test';
const NOW = new Date('2026-11-24T12:00:00Z');
const EXP = NOW.getTime() / 1000 + 60;
const config: ChatConfig = configSchema.parse({ identitySecret: SECRET });
const account = { config, ours: { addresses: new Set<string>(), domains: new Set(['varaamo.example']) } };
const signed = (value: string, exp = EXP, type = 'username') => ({
  type,
  value,
  exp,
  hmac: createHmac('sha256', SECRET).update(`${type}:${value}:${exp}`).digest('hex'),
});
const said = (id: string, kind: Said['kind'] = 'message'): Said => ({ id, kind, text: 'Hei', parts: [], at: NOW });
const goesOn = (details: unknown, visitor: Visitor) => resume(details, visitor, isSameIdentifier);
const mayResume = (details: unknown, visitor: Visitor): boolean => goesOn(details, visitor) !== null;
/** What is kept of a visitor once each of these has written. */
const kept = (...visitors: Visitor[]) => {
  let details: unknown;
  for (const visitor of visitors) {
    const { parts: _, ...item } = fromVisitor(
      (details === undefined ? null : goesOn(details, visitor)) ?? visitor,
      said('1'),
    );
    ({ details } = fold(details ?? item.details, item));
  }
  return (details as { visitor: object }).visitor;
};
const reason = (work: () => unknown): string => {
  try {
    work();
    return 'nothing';
  } catch (error) {
    expect(error).to.be.instanceOf(ConnectorError);
    expect((error as ConnectorError).remedy).to.equal('reject');
    return (error as Error).message;
  }
};

describe('chat: who a visitor is', () => {
  it('is by the site’s word only when that is signed, whole and not too old', () => {
    expect(readIdentity(signed('paivi'), SECRET, NOW)).to.deep.equal({
      type: 'username',
      value: 'paivi',
      verified: true,
    });
    expect(readIdentity({ ...signed('paivi'), hmac: undefined }, SECRET, NOW)?.verified).to.equal(false);
    expect(readIdentity(undefined, SECRET, NOW)).to.equal(null);
    expect(reason(() => readIdentity({ ...signed('paivi'), value: 'matti' }, SECRET, NOW))).to.match(/wrong/);
    expect(reason(() => readIdentity({ ...signed('paivi'), exp: EXP + 1 }, SECRET, NOW))).to.match(/wrong/);
    expect(reason(() => readIdentity({ ...signed('paivi'), hmac: '' }, SECRET, NOW))).to.match(/wrong/);
    expect(reason(() => readIdentity(signed('paivi', EXP - 60), SECRET, NOW))).to.match(/too old/);
    expect(reason(() => readIdentity(signed('paivi'), null, NOW))).to.match(/no signed/);
    expect(reason(() => readIdentity('paivi', SECRET, NOW))).to.match(/shape/);
  });

  it('can not be said by anything but the signature over just that', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 40 }), fc.string({ maxLength: 64 }), (value, hmac) => {
        const right = identityHmac(SECRET, { type: 'username', value, exp: EXP });
        fc.pre(hmac.toLowerCase() !== right);
        expect(reason(() => readIdentity({ type: 'username', value, exp: EXP, hmac }, SECRET, NOW))).to.match(/wrong/);
      }),
    );
  });

  it('keeps a session that was made here, and makes another of anything else', () => {
    const first = greet(account, {}, NOW);
    expect(greet(account, { session: first.session }, NOW)).to.deep.equal(first);
    for (const session of [undefined, '', 'short', 42, `${first.session}x`, 'a'.repeat(42)])
      expect(greet(account, { session }, NOW).session)
        .to.match(/^[\w-]{43}$/)
        .and.not.equal(session);
    expect(JSON.stringify(fromVisitor(first, said('1')))).to.not.include(first.session);
  });

  it('has what it answered beside it, never in the place of who it is', () => {
    const long = greet(account, { name: `x${'🌲'.repeat(200)}` }, NOW);
    expect((long.about as { name: string }).name, 'no half of a character').to.equal(`x${'🌲'.repeat(99)}`);
    const visitor = greet(account, { name: ' Tuula\u0000 ', email: 'tuula@virta.example' }, NOW);
    const { participants, proven } = fromVisitor(visitor, said('1'));
    expect(proven).to.equal(false);
    expect(participants[0]?.identifier.type).to.equal('chat');
    expect(participants[0]?.also).to.deep.equal([{ type: 'email', value: 'tuula@virta.example' }]);
    expect(participants[0]?.name).to.equal('Tuula');
    expect(fromVisitor(greet(account, { email: 'no address' }, NOW), said('1')).participants[0]?.also).to.equal(
      undefined,
    );
  });

  it('is never one of us, by the site’s word or its own', () => {
    const ours = signed('Tuki@varaamo.example', EXP, 'email');
    const colleague = greet(account, { identity: ours, email: 'olli@varaamo.example' }, NOW);
    const { participants, proven, details } = fromVisitor(colleague, said('1'));
    expect(proven).to.equal(false);
    expect(participants).to.have.length(1);
    expect(participants[0]?.identifier.type).to.equal('chat');
    expect(participants[0]?.also).to.equal(undefined);
    expect(mayResume(details, colleague)).to.equal(true);
    const { participants: others } = fromVisitor(
      greet(account, { identity: signed('aino@laine.example', EXP, 'email') }, NOW),
      said('1'),
    );
    expect(others[0]?.identifier).to.deep.equal({ type: 'email', value: 'aino@laine.example' });
  });

  it('goes on with a conversation that is its own, and with no other’s', () => {
    const paivi = greet(account, { identity: signed('paivi') }, NOW);
    const matti = greet(account, { identity: signed('matti') }, NOW);
    const nobody = greet(account, {}, NOW);
    const details = fromVisitor(paivi, said('1')).details;
    expect(mayResume(details, paivi)).to.equal(true);
    expect(mayResume(details, matti)).to.equal(false);
    const anonymous = fromVisitor(nobody, said('1')).details;
    const claimed = fromVisitor(greet(account, { identity: { ...signed('paivi'), hmac: null } }, NOW), said('1'));
    // whoever wrote it, nobody has signed for them
    for (const unsigned of [anonymous, claimed.details, undefined]) {
      expect(mayResume(unsigned, nobody)).to.equal(true);
      expect(mayResume(unsigned, paivi)).to.equal(false);
    }
  });

  it('goes on with its own conversation in whatever writing it is signed for, and as nobody who is only like it', () => {
    const as = (value: string, type: string) => greet(account, { identity: signed(value, EXP, type) }, NOW);
    const { details, participants } = fromVisitor(as('Aino.Laine@Virta.Example', 'email'), said('1'));
    const again = goesOn(details, as('aino.laine@virta.example', 'email'));
    expect(again && fromVisitor(again, said('2')).participants[0]?.identifier).to.deep.equal(
      participants[0]?.identifier,
    );
    expect(again && fromVisitor(again, said('2')).details).to.deep.equal(details);
    for (const [value, type] of [
      ['aino.laine+x@virta.example', 'email'],
      ['ainolaine@virta.example', 'email'],
      ['aino.laine@virta.example', 'username'],
    ] as const)
      expect(mayResume(details, as(value, type)), value).to.equal(false);
    const { details: called } = fromVisitor(as('+358 40 123 4567', 'phone'), said('1'));
    expect(mayResume(called, as('+358401234567', 'phone'))).to.equal(true);
    expect(mayResume(called, as('040 123 4567', 'phone')), 'the country is not known').to.equal(false);
  });

  it('keeps what is said later, and what was said before where it says nothing', () => {
    const nobody = greet(account, {}, NOW);
    const { session } = nobody;
    const vilma = greet(account, { session, name: 'Vilma', email: 'vilma@virta.example' }, NOW);
    const told = { verified: false, identity: null, name: 'Vilma', email: 'vilma@virta.example' };
    expect(kept(nobody, vilma)).to.deep.equal(told);
    expect(kept(nobody, vilma, nobody)).to.deep.equal(told);
    expect(kept(vilma, greet(account, { session, name: 'Vilma V.' }, NOW))).to.deep.equal({
      ...told,
      name: 'Vilma V.',
    });
    const claim = { type: 'username', value: 'vilma', name: 'V' };
    expect(kept(vilma, greet(account, { session, identity: claim }, NOW))).to.deep.equal({ ...told, identity: claim });
    const { details } = fromVisitor(vilma, said('1'));
    expect(goesOn(details, nobody)?.name).to.equal('Vilma');
    expect(goesOn(details, greet(account, { session, name: 'Ville' }, NOW))?.name).to.equal('Ville');
    const item = fromVisitor(nobody, said('2'));
    expect(fold(details, item).participants).to.deep.equal([{ ...item.participants[0], name: 'Vilma' }]);
    expect(fold(details, fromAgent({ sourceKey: 'x' }, { id: 'a', name: 'A' }, said('1')))).to.deep.equal({ details });
  });

  it('takes nothing away from what is signed by what is said later, and makes nobody’s word signed', () => {
    const paivi = greet(account, { identity: { ...signed('paivi'), name: 'Päivi Mäkelä' } }, NOW);
    const { session } = paivi;
    const hello = { session, name: 'Mallory', email: 'mallory@virta.example' };
    const other = greet(account, { ...hello, identity: { type: 'username', value: 'mallory' } }, NOW);
    const { details } = fromVisitor(paivi, said('1'));
    const { visitor } = details as { visitor: object };
    for (const unsigned of [greet(account, { session }, NOW), greet(account, hello, NOW), other]) {
      expect(kept(paivi, unsigned)).to.deep.equal(visitor);
      expect(fold(details, fromVisitor(unsigned, said('2')))).to.deep.equal({ details });
    }
    expect(goesOn(details, greet(account, { session }, NOW))?.name).to.equal('Päivi Mäkelä');
    const nameless = greet(account, { session, identity: signed('paivi'), email: 'paivi@virta.example' }, NOW);
    expect(kept(paivi, nameless)).to.deep.equal({ ...visitor, email: 'paivi@virta.example' });
    expect(goesOn(details, nameless)?.name).to.equal('Päivi Mäkelä');
    // who were let in at once, before there was a conversation to tell them apart
    const anonymous = fromVisitor(greet(account, { session }, NOW), said('1')).details;
    expect(fold(anonymous, fromVisitor(paivi, said('2')))).to.deep.equal({ details: anonymous });
    const matti = greet(account, { session, identity: signed('matti') }, NOW);
    expect(fold(details, fromVisitor(matti, said('2')))).to.deep.equal({ details });
  });

  it('shares no key with agents, who share none with each other', () => {
    const visitor = greet(account, {}, NOW);
    const conversation = { sourceKey: visitor.conversation };
    const items = [
      fromVisitor(visitor, said('1')),
      fromAgent(conversation, { id: 'a', name: 'A' }, said('1')),
      fromAgent(conversation, { id: 'b', name: 'B' }, said('1')),
      fromAgent(conversation, { id: 'a', name: 'A' }, said('2', 'note')),
    ];
    expect(new Set(items.map(({ sourceKey }) => sourceKey)).size).to.equal(4);
    expect(items.map(({ direction }) => direction)).to.deep.equal(['inbound', 'outbound', 'outbound', 'internal']);
    expect(new Set(items.map(({ belongsTo }) => belongsTo))).to.deep.equal(new Set([visitor.conversation]));
  });

  it('takes origins, and nothing else, as pages', () => {
    const takes = (origin: string) => configSchema.safeParse({ origins: [origin] }).success;
    for (const origin of ['https://www.example.org', 'http://localhost:8080', 'https://www.example.org/'])
      expect(takes(origin), origin).to.equal(true);
    for (const origin of [
      'www.example.org',
      '*',
      'https://*.example.org',
      'https://example.org/chat',
      'javascript:alert(1)',
      'null',
      '',
    ])
      expect(takes(origin), origin).to.equal(false);
  });
});
