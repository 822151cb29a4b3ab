import { expect } from 'chai';
import { headOf, type Parsed, parseAll } from './parsed.ts';

type Finder = (parsed: Parsed) => boolean;

const head =
  (pattern: RegExp): Finder =>
  parsed =>
    pattern.test(headOf(parsed));
const source =
  (pattern: RegExp): Finder =>
  parsed =>
    pattern.test(parsed.source);
const attached =
  (type: RegExp): Finder =>
  ({ email }) =>
    email.attachments.some(({ mimeType }) => type.test(mimeType));

/** Body bytes beyond ASCII, with no transfer encoding to hide them. */
const eightBit =
  (charset: string): Finder =>
  parsed =>
    new RegExp(`charset=${charset}[\\s\\S]*encoding: 8bit`, 'i').test(headOf(parsed)) &&
    /[\x80-\xff]/.test(parsed.source.slice(headOf(parsed).length));

const advertised: Record<string, Finder> = {
  'an auto-reply': parsed =>
    head(/^Auto-Submitted: auto-replied/m)(parsed) && !/multipart\/report/.test(headOf(parsed)),
  'a bounce': parsed => head(/report-type=delivery-status/)(parsed) && /Status: 5\.1\.1/.test(parsed.source),
  'a read receipt': head(/report-type=disposition-notification/),
  'a mailing-list mail': head(/^Precedence: list/m),
  'a newsletter': head(/^List-Unsubscribe-Post: /m),
  '8-bit iso-8859-1': eightBit('iso-8859-1'),
  '8-bit utf-8': eightBit('utf-8'),
  'windows-1252 with its own signs': source(/charset=windows-1252[\s\S]*=9[46]/),
  'iso-8859-15 with a euro': source(/charset=iso-8859-15[\s\S]*=A4/),
  'a mislabelled charset': source(/charset=iso-8859-1\r\n[\s\S]*=9[46]/),
  'base64 text in utf-8': source(/text\/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64/),
  'quoted-printable': source(/quoted-printable[\s\S]*=C3=A4/),
  'format=flowed': source(/format=flowed\r\n/),
  'format=flowed with delsp': source(/format=flowed; delsp=yes/),
  'a continued RFC 2231 name': source(/filename\*0\*=utf-8''.*\r\n\tfilename\*1\*=/),
  'an encoded word as a name': source(/filename="=\?utf-8\?B\?/),
  'an RFC 2231 name': source(/filename\*=utf-8''/),
  'a subject in B words': head(/^Subject: =\?utf-8\?B\?/m),
  'a subject in Q words': head(/^Subject: .*=\?utf-8\?Q\?/m),
  'a raw 8-bit subject': head(/^Subject: .*[\x80-\xff]/m),
  'an inline image': ({ source: text, email }) =>
    /cid:/.test(email.html ?? '') && /Content-ID: </.test(text) && /multipart\/related/.test(text),
  'multipart/alternative': source(/multipart\/alternative/),
  'HTML alone': head(/^Content-Type: text\/html/m),
  'an embedded message': ({ email }) => email.attachments.some(({ mimeType }) => mimeType === 'message/rfc822'),
  'undisclosed recipients': head(/^To: undisclosed-recipients:;/m),
  'a no-reply sender with Reply-To': head(/^From: .*<no-reply@[^>]*>\r\nReply-To: /m),
  'a plus-tagged sender': head(/^From: .*\+varaukset@/m),
  'internal mail': ({ email }) =>
    [email.from, ...(email.to ?? [])].every(who => who?.address?.endsWith('@varaamo.example')),
  'a PDF': attached(/^application\/pdf$/),
  'a workbook': attached(/spreadsheetml\.sheet$/),
  'a CSV': attached(/^text\/csv$/),
  'a picture': attached(/^image\/png$/),
  'a calendar beside text': parsed => attached(/^text\/calendar$/)(parsed) && Boolean(parsed.email.text?.trim()),
};

const once: Record<string, Finder> = {
  'lacks a Message-ID': ({ email }) => !email.messageId,
  'has only a calendar': head(/^Content-Type: text\/calendar/m),
  'is empty': ({ email }) => !email.text?.trim() && !email.html && !email.subject && email.attachments.length === 0,
};

for (const [seed, count] of [
  [1, 320],
  [7, 300],
  [42, 1500],
] as const) {
  describe(`samples: oddities of seed ${seed} in ${count} mails`, () => {
    let all: Parsed[];
    before(async () => {
      all = await parseAll({ seed, count, meanBytes: 20_000 });
    });

    for (const [name, found] of Object.entries(advertised)) {
      it(`${name} occurs`, () => {
        expect(all.some(found)).to.equal(true);
      });
    }
    for (const [name, found] of Object.entries(once)) {
      it(`just one ${name}`, () => {
        expect(all.filter(found)).to.have.length(1);
      });
    }

    it('just one Message-ID is used twice, for other content', () => {
      const ids = all.map(({ email }) => email.messageId).filter(id => id !== undefined);
      const again = ids.filter((id, i) => ids.indexOf(id) !== i);
      expect(again).to.have.length(1);
      const [first, second] = all.filter(({ email }) => email.messageId === again[0]);
      expect(first?.email.text).to.not.equal(second?.email.text);
    });

    it('has a subject whose encoded word is cut inside a character', () => {
      const cut = all.filter(parsed => {
        const [, word = ''] = /^Subject: =\?utf-8\?B\?([^?]*)\?=\r\n =/m.exec(headOf(parsed)) ?? [];
        return Buffer.from(word, 'base64').toString('utf8').endsWith('\ufffd');
      });
      expect(cut).to.not.be.empty;
    });
  });
}
