import { expect } from 'chai';
import fc from 'fast-check';
import { parseFallback } from '../../../../connectors/email/parse/fallback.ts';
import { parseMail } from '../../../../connectors/email/parse/mail.ts';
import { capturedAt } from './mails.ts';

const CONTENT = [
  'text/plain',
  'text/html',
  'multipart/mixed; boundary=b',
  'multipart/alternative; boundary="b"',
  'multipart/report; report-type=delivery-status; boundary=b',
  'message/rfc822',
  'text/calendar',
  'application/ms-tnef',
  'application/pkcs7-mime',
  'text/plain; format=flowed; delsp=yes',
  'text/enriched',
  ';;=;',
  'text/plain; charset="',
];
const field = fc.oneof(
  fc.constantFrom(...CONTENT).map(type => `Content-Type: ${type}`),
  fc
    .constantFrom('base64', 'quoted-printable', 'x-uuencode', '8bit', '(')
    .map(encoding => `Content-Transfer-Encoding: ${encoding}`),
  fc
    .tuple(
      fc.constantFrom(
        'From',
        'To',
        'Subject',
        'Date',
        'Received',
        'Message-ID',
        'References',
        'Content-Disposition',
        'Reply-To',
        'Content-ID',
        'X',
      ),
      fc.string({ maxLength: 40, unit: 'binary' }),
    )
    .map(([name, value]) => `${name}: ${value}`),
  fc.constantFrom(
    'Subject: =?utf-8?Q?=C3?= =?utf-8?B?pA==?=',
    "Content-Disposition: attachment; filename*0*=utf-8''%C3; filename*1=x",
    'From: "a <b@c>, (d (e), f:g;h',
    'From: =?utf-8?Q?a<b@c>?= <',
    'junk line',
  ),
);
const body = fc.oneof(
  fc.string({ maxLength: 80, unit: 'binary' }),
  fc.constantFrom(
    '--b',
    '--b--',
    '',
    'begin 644 x',
    '<p>x',
    '=C3=A4=',
    'BEGIN:VEVENT',
    'SUMMARY:x',
    '\x1b$B',
    'x\x9f>\x22',
    'QUJD',
  ),
);
const eol = fc.constantFrom('\r\n', '\n', '\r');

const mail = fc
  .tuple(fc.array(field, { maxLength: 8 }), fc.array(fc.oneof(body, field), { maxLength: 20 }), eol)
  .map(([fields, lines, end]) => Buffer.from([...fields, '', ...lines].join(end), 'latin1'));

/** What must hold of every mail that comes out. */
const check = (bytes: Buffer): void => {
  const parsed = parseMail({ bytes }, { capturedAt });
  expect(Boolean(parsed.text?.trim()) || Boolean(parsed.notice), 'an empty entry without a reason').to.equal(true);
  expect(parsed.occurredAt.getTime()).to.be.at.most(capturedAt.getTime());
  expect(parsed.parts.map(({ n }) => n)).to.deep.equal(parsed.parts.map((_, i) => i + 1));
  for (const { value } of parsed.participants) expect(value).not.to.equal('');
  structuredClone(parsed);
  expect(parseFallback({ bytes }, { capturedAt }, 'r').key).to.equal(parsed.key);
};

describe('any mail', () => {
  it('that is put together from odd pieces is read', () => fc.assert(fc.property(mail, check), { numRuns: 1500 }));
  it('of random bytes is read', () =>
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }).map(bytes => Buffer.from(bytes)),
        check,
      ),
      { numRuns: 700 },
    ));

  const SLOW = [
    '(',
    '<',
    '"',
    ',',
    '=?',
    '=?utf-8?Q?',
    '=?utf-8?Q?x?= ',
    'a@',
    ':',
    ';',
    '\\',
    ' ',
    '\t',
    'a b@c <',
    '[',
    "*0*=utf-8''",
    ' a=b;',
    '%',
    '"\\',
    '>',
    '\xa0',
    '(x',
    'x)',
    '--b\n',
    're: ',
    '[x] re:',
    '&#',
    '1 Jan ',
  ];
  for (const name of [
    'From',
    'Subject',
    'Content-Type',
    'Content-Disposition',
    'Date',
    'References',
    'Received',
    'Content-Transfer-Encoding',
    'Auto-Submitted',
    'Content-ID',
  ]) {
    it(`with a ${name} of 200 KB of one piece takes no time`, () => {
      for (const piece of SLOW) {
        const started = performance.now();
        parseMail(
          { bytes: Buffer.from(`${name}: ${piece.repeat(200_000 / piece.length)}\n\nx`, 'latin1') },
          { capturedAt },
        );
        expect(performance.now() - started, JSON.stringify(piece)).to.be.lessThan(2500);
      }
    }).timeout(60_000);
  }

  it('with a body of 250 KB of one piece takes no time', () => {
    for (const type of CONTENT) {
      for (const piece of [...SLOW, '\r', '\n', '\n--', '=', '= ', ' \t', '> ', '<b ', '\0']) {
        const started = performance.now();
        parseMail(
          { bytes: Buffer.from(`Content-Type: ${type}\n\n${piece.repeat(250_000 / piece.length)}`, 'latin1') },
          { capturedAt },
        );
        expect(performance.now() - started, `${type} ${JSON.stringify(piece)}`).to.be.lessThan(4000);
      }
    }
  }).timeout(120_000);
});
