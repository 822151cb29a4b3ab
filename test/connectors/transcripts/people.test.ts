import { expect } from 'chai';
import { makeRecognise } from '../../../connectors/transcripts/people.ts';
import { accountOf, HUB } from './support.ts';

describe('transcripts: people', () => {
  it('who has an address of ours is an agent, however it is written', () => {
    const ours = { addresses: new Set(['tuki@varaamo.example']), domains: new Set(['xn--rksmrgs-5wao1o.example']) };
    const recognise = makeRecognise({ ...accountOf(), ours }, HUB);
    const isAgent = (email: string) => recognise({ names: ['Olga'], email }).isAgent;
    for (const email of ['Tuki@Varaamo.example ', 'tuki+chat@varaamo.example', 'kuka@räksmörgås.example'])
      expect(isAgent(email), email).to.equal(true);
    for (const email of ['asiakas@varaamo.example', 'tuki@asiakas.example', '']) expect(isAgent(email)).to.equal(false);
  });

  it('what stands for an address or a number and is none is left out, and the id comes first', () => {
    const recognise = makeRecognise(accountOf(), HUB);
    const known = (described: object) =>
      recognise({ id: 'visitor-1', isVisitor: true, ...described }).identifiers.map(({ value }) => value);
    for (const email of [
      'n/a',
      'not an address',
      'anna@',
      '@kunde.example',
      'a b@kunde.example',
      'anna@kunde..example',
    ])
      expect(known({ email }), email).to.eql(['visitor-1']);
    for (const phone of ['n/a', '123', '-', 'ask me', '0'.repeat(40)])
      expect(known({ phone }), phone).to.eql(['visitor-1']);
    for (const email of ['Anna <anna@kunde.example>', ' anna@kunde.example ', '"Schmidt, Anna" <anna@kunde.example>'])
      expect(known({ email }), email).to.eql(['anna@kunde.example', 'visitor-1']);
    for (const email of ['"anna schmidt"@kunde.example', 'änna@räksmörgås.example'])
      expect(known({ email }), email).to.eql([email, 'visitor-1']);
    expect(known({ email: 'n/a', phone: '040 1234567' })).to.eql(['040 1234567', 'visitor-1']);
    expect(known({ phone: '\u202a+49 30 901820\u202c' })).to.eql(['+49 30 901820', 'visitor-1']);
    expect(known({ email: '\u2068anna@kunde.example\u2069' })).to.eql(['anna@kunde.example', 'visitor-1']);
    expect(known({ phone: 'tel:+49 30 901820' })).to.eql(['tel:+49 30 901820', 'visitor-1']);
    const ours = recognise({ email: 'Tuki <tuki@varaamo.example>' });
    expect([ours.isAgent, ours.identifiers]).to.eql([true, [{ type: 'email', value: 'tuki@varaamo.example' }]]);
  });
});
