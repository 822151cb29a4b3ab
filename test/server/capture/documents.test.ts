import { expect } from 'chai';
import { previewOf } from '../../../server/capture/documents.ts';

const of = (text: string): string => previewOf({ text });

describe('a preview', () => {
  it('is on one line, without the invisible filling of newsletters', () => {
    const filling = '\u00a0\u200c'.repeat(30) + '\u034f \u00ad\u2007\ufeff'.repeat(30);
    expect(of(`Ajat ${filling}\r\n\r\nHei Anna,\n  ensi  viikolla`)).to.equal('Ajat Hei Anna, ensi viikolla');
  });

  it('has the signs whole that something invisible holds together', () => {
    expect(of('👩‍💻 می‌خواهم')).to.equal('👩‍💻 می‌خواهم');
  });

  it('is cut, and says so', () => {
    expect(of('ä '.repeat(300)))
      .to.match(/^(?:ä ){50,}ä…$/)
      .and.to.have.lengthOf.at.most(200);
  });
});
