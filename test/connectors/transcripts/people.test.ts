import { expect } from 'chai';
import { makeRecognise } from '../../../connectors/transcripts/people.ts';
import { accountOf } from './support.ts';

describe('transcripts: people', () => {
  it('who has an address of ours is an agent, however it is written', () => {
    const ours = { addresses: new Set(['tuki@varaamo.example']), domains: new Set(['xn--rksmrgs-5wao1o.example']) };
    const recognise = makeRecognise({ ...accountOf(), ours });
    const isAgent = (email: string) => recognise({ names: ['Olga'], email }).isAgent;
    for (const email of ['Tuki@Varaamo.example ', 'tuki+chat@varaamo.example', 'kuka@räksmörgås.example'])
      expect(isAgent(email), email).to.equal(true);
    for (const email of ['asiakas@varaamo.example', 'tuki@asiakas.example', '']) expect(isAgent(email)).to.equal(false);
  });
});
