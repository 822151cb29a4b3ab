import { expect } from 'chai';
import { isOurs } from '../../../connectors/common/ours.ts';

const ours = {
  addresses: new Set(['support@acme.example', 'tuki@xn--rksmrgs-5wao1o.example', 'räksmörgås@acme.example']),
  domains: new Set(['firma.example', 'xn--mkel-load.example']),
};

describe('whose an address is', () => {
  it('ours: by its mailbox or its domain, however it is written', () => {
    for (const address of [
      'support@acme.example',
      ' Support@ACME.example\n',
      'support@acme.example.',
      'support+orders@acme.example',
      'SUPPORT+a+b@acme.example',
      'tuki@räksmörgås.example',
      'Tuki+1@RÄKSMÖRGÅS.example',
      'ra\u0308ksmo\u0308rga\u030as@acme.example',
      'whoever@firma.example',
      'whoever@mäkelä.example',
    ])
      expect(isOurs(address, ours), address).to.equal(true);
  });

  it('not ours: anybody else’s, and what is no address', () => {
    for (const address of [
      'sales@acme.example',
      '+support@acme.example',
      '"support+orders"@acme.example',
      'support@acme.example@else.example',
      'a@my.firma.example',
      'a@notfirma.example',
      'support',
      '@',
      '',
    ])
      expect(isOurs(address, ours), address).to.equal(false);
  });
});
