import { parseFallback } from '../../../../connectors/email/parse/fallback.ts';
import { parseMail } from '../../../../connectors/email/parse/mail.ts';
import { expectLinear } from '../../../support/linear.ts';

const context = { capturedAt: new Date('2026-11-24T10:00:00Z') };
const mail = (header: string, body = 'x'): string => `From: a@b.example\r\n${header}\r\n\r\n${body}`;
const source = (text: string) => ({ bytes: Buffer.from(text, 'latin1') });
const read = (text: string) => void parseMail(source(text), context);
const fallBack = (text: string) => void parseFallback(source(text), context, 'it takes long');

const WORD = '=?a?q?b';

/** Mails that a stranger may send, each of so many characters, which only one pass takes in good time. */
const HOSTILE: Record<string, (size: number) => string> = {
  'encoded words that never close': size => mail(`To: x (c) ${WORD.repeat(size / 7)}`),
  'folded ones': size => mail(`To: x (c) ${`${WORD}\r\n `.repeat(size / 10)}`),
  'ones of which the last closes': size => mail(`To: x (c) ${WORD.repeat(size / 7)}?=`),
  'quotes that never close': size => mail(`To: (c) "${'\\"'.repeat(size / 2)}`),
  'addresses with blanks': size => mail(`To: (c) a@${'b'.repeat(size / 2)} x${' '.repeat(size / 2)}`),
  'addresses that no comma parts': size => mail(`To: ${'<a@b> "'.repeat(size / 7)}`),
  'addresses and quotes': size => mail(`To: ${'<a@b>"x"'.repeat(size / 8)}`),
  'a boundary with blanks': size => mail(`Content-Type: multipart/mixed; boundary="a${' '.repeat(size)}x"`),
  'a header full of lines that are no fields': size => mail(`${'x\r\n'.repeat(1300)}X-A: b\r\n`.repeat(size / 3908)),
  'enriched text whose tags never close': size => mail('Content-Type: text/enriched', '<param>'.repeat(size / 7)),
};

describe('email: hostile mail', () => {
  for (const [what, make] of Object.entries(HOSTILE))
    it(`takes a time in proportion to its length: ${what}`, () => {
      expectLinear(make, read);
      expectLinear(make, fallBack);
    });

  it('looks for a page’s charset once in what may name it', () => {
    const page = (size: number) => mail('Content-Type: text/html', `${'<meta '.repeat(30)}charset=${' '.repeat(size)}`);
    expectLinear(page, read, 220);
  });
});
