import { expect } from 'chai';
import iconv from 'iconv-lite';
import { readAddresses } from '../../../../connectors/email/parse/addresses.ts';
import { readDate } from '../../../../connectors/email/parse/dates.ts';
import { readableName, readStructured } from '../../../../connectors/email/parse/params.ts';
import { normaliseSubject } from '../../../../connectors/email/parse/threads.ts';
import { bytesOf, capturedAt, parse } from './mails.ts';

const subjectOf = (value: string | Buffer, ...more: string[]): string | undefined =>
  parse(bytesOf([Buffer.concat([Buffer.from('From: a@b.example\r\nSubject: '), Buffer.from(value)]), ...more, '', 'x']))
    .subject;

describe('subjects', () => {
  const cases: [string, string | Buffer, string][] = [
    ['Q with underscores', '=?utf-8?Q?Hyv=C3=A4=C3=A4_p=C3=A4iv=C3=A4=C3=A4?=', 'Hyvää päivää'],
    ['B', '=?UTF-8?B?SHl2w6TDpA==?=', 'Hyvää'],
    ['split inside a character', '=?utf-8?Q?p=C3?=\r\n =?utf-8?Q?=A4iv=C3=A4?=', 'päivä'],
    ['split inside a character, B and Q', '=?utf-8?B?w6Q=?= =?utf-8?Q?=C3?= =?UTF8?B?pA==?=', 'ää'],
    ['split inside an iso-2022-jp run', '=?ISO-2022-JP?B?GyRCRnw=?= =?ISO-2022-JP?B?S1wbKEI=?=', '日本'],
    [
      'iso-2022-jp words that each end in ASCII',
      '=?ISO-2022-JP?B?GyRCJUYbKEI=?= =?ISO-2022-JP?B?GyRCJTkbKEI=?=',
      'テス',
    ],
    ['text between words', 'Re: =?iso-8859-1?Q?=E4?= and =?iso-8859-15?Q?=A4?=', 'Re: ä and €'],
    ['glued to text', 'x=?utf-8?Q?=C3=A4?=y', 'xäy'],
    ['spaces inside a word', '=?utf-8?Q?hyv=C3=A4 p=C3=A4iv=C3=A4?=', 'hyvä päivä'],
    ['language tag', '=?utf-8*fi?Q?=C3=A4?=', 'ä'],
    ['a question mark inside', '=?utf-8?Q?what??= now', 'what? now'],
    ['no end', '=?utf-8?Q?p=C3=A4', 'pä'],
    ['an unknown charset', '=?x-none?Q?a=C3=A4?=', 'aä'],
    ['gb2312 that is gbk', `=?gb2312?B?${iconv.encode('朱镕基', 'gbk').toString('base64')}?=`, '朱镕基'],
    ['raw utf-8', 'päivää', 'päivää'],
    ['raw windows-1252', Buffer.from('p\xe4iv\xe4', 'latin1'), 'päivä'],
    ['raw utf-8 that ends in 0xA0', 'à', 'à'],
    ['folded', 'one\r\n two\r\n\tthree', 'one two three'],
    ['folded without a space, more fields after it', 'one\r\ntwo\r\nMIME-Version: 1.0', 'one two'],
    ['invalid base64', '=?utf-8?B?w6Q?=', 'ä'],
    ['empty words', '=?utf-8?Q??= x', 'x'],
  ];
  for (const [name, value, expected] of cases) it(name, () => expect(subjectOf(value)).to.equal(expected));

  it('raw text is read by the charset of the body', () => {
    const value = iconv.encode('注文', 'shift_jis');
    expect(subjectOf(value, 'Content-Type: text/plain; charset=shift_jis')).to.equal('注文');
  });

  it('raw text in eight bits isn’t read by a charset of seven', () => {
    const value = iconv.encode('注文です', 'euc-jp');
    expect(subjectOf(value, 'Content-Type: text/plain; charset=iso-2022-jp')).to.equal('注文です');
  });

  it('is undefined when there is none', () => expect(subjectOf('')).to.equal(undefined));

  it('loses prefixes of answers and forwards for threading', () => {
    for (const subject of [
      'Re: Vs: SV: AW: Lasku',
      'RE[2]: Lasku',
      'VL: Re: Lasku',
      '[list] Re: Lasku',
      'Fwd: FW: lasku',
      'Lasku',
    ]) {
      expect(normaliseSubject(subject).subject).to.equal('lasku');
    }
    expect(normaliseSubject('Vs: Lasku').isReply).to.equal(true);
    expect(normaliseSubject('Fwd: Lasku').isReply).to.equal(false);
    expect(normaliseSubject('Resepti: uusi').subject).to.equal('resepti: uusi');
  });
});

describe('addresses', () => {
  const read = (value: string): string[] =>
    readAddresses('to', Buffer.from(value).toString('latin1')).map(({ value, name }) =>
      name ? `${name} <${value}>` : value,
    );
  const cases: [string, string, string[]][] = [
    ['a plain one', 'a@b.example', ['a@b.example']],
    [
      'several without a comma between',
      'A <a@b.example> "B, C" <c@d.example>\r\n E. F. <e@f.example>, "g <g@h.example> i" <i@j.example>',
      ['A <a@b.example>', 'B, C <c@d.example>', 'E. F. <e@f.example>', 'g <g@h.example> i <i@j.example>'],
    ],
    [
      'several',
      'A <a@b.example>, "B, C" <c@d.example>,e@f.example',
      ['A <a@b.example>', 'B, C <c@d.example>', 'e@f.example'],
    ],
    [
      'an encoded name with a comma',
      '=?utf-8?Q?Virtanen=2C_P=C3=A4ivi?= <p@v.example>',
      ['Virtanen, Päivi <p@v.example>'],
    ],
    ['a name split between words', '=?utf-8?Q?P=C3?= =?utf-8?Q?=A4ivi?= (x) <p@v.example>', ['Päivi <p@v.example>']],
    ['a quoted encoded name', '"=?utf-8?Q?P=C3=A4ivi?=" <p@v.example>', ['Päivi <p@v.example>']],
    ['a group', 'Team: a@b.example, C <c@d.example>;', ['a@b.example', 'C <c@d.example>']],
    ['undisclosed recipients', 'undisclosed-recipients:;', []],
    ['undisclosed recipients, as a word', '"Undisclosed recipients:" ;', []],
    ['comments', 'a@b.example (Anna (A.) Aho)', ['Anna (A.) Aho <a@b.example>']],
    ['escaped quotes', '"Anna \\"A\\" Aho" <a@b.example>', ['Anna "A" Aho <a@b.example>']],
    ['semicolons', 'a@b.example; c@d.example', ['a@b.example', 'c@d.example']],
    ['IDN', 'Å <å@räksmörgås.example>', ['Å <å@räksmörgås.example>']],
    ['a name that is an address', '"x@y.example" <a@b.example>', ['x@y.example <a@b.example>']],
    ['no domain', 'root', ['root']],
    ['only a name', 'Anna Aho', ['Anna Aho']],
    ['brackets and spaces', '< a@b.example >', ['a@b.example']],
    ['quotes around all', "'a@b.example'", ['a@b.example']],
    ['an encoded whole', '=?utf-8?Q?Anna_<a@b.example>?=', ['Anna <a@b.example>']],
    ['mailto', '<mailto:a@b.example>', ['a@b.example']],
    [
      'mailto in square brackets',
      'John <[mailto:a@b.example]>, [mailto:c@d.example]',
      ['John <a@b.example>', 'c@d.example'],
    ],
    ['a domain literal', 'John <a@[192.0.2.1]>', ['John <a@[192.0.2.1]>']],
    ['blanks before a dot', 'a@b   . example, C <c@d.example>', ['a@b.example', 'C <c@d.example>']],
    ['a name that begins with a dot', 'a@b . example, .NET <c@d.example>', ['a@b.example', '.NET <c@d.example>']],
    ['empty', ' , ,', []],
    ['a source route', 'Mary <@machine.tld:mary@example.net>', ['Mary <mary@example.net>']],
    [
      'comments everywhere',
      'Pete(A wonderful \\) chap) <pete(his account)@silly.test(his host)>',
      ['Pete <pete@silly.test>'],
    ],
    ['a name with a colon in quotes', '"Tuki: apu" <a@b.example>', ['Tuki: apu <a@b.example>']],
    ['a name with an at sign', 'Anna @ Firma <a@b.example>', ['Anna @ Firma <a@b.example>']],
    ['a quoted name before an at sign', '"Anna" @Firma <a@b.example>', ['Anna @Firma <a@b.example>']],
    ...[
      ['a blank', '"john doe"@x.example'],
      ['an at sign', '"a@b"@x.example'],
      ['a comma', '"a,b"@x.example'],
      ['a quote', '"very\\"odd"@x.example'],
      ['a bracket', '"a>b (c)"@x.example'],
      ['a backslash', '"a\\\\b"@xå.example'],
    ].flatMap(([what, address = '']): typeof cases => [
      [`quotes with ${what}`, address, [address]],
      [`quotes with ${what} in brackets`, `<${address}>`, [address]],
      [
        `quotes with ${what} among others`,
        `"Aho, A" <a@b.example>, "@x" <c@d.example>, Jo <${address}>, Jo ${address} (x), T: ${address};, e@f.example`,
        ['Aho, A <a@b.example>', '@x <c@d.example>', `Jo <${address}>`, `Jo <${address}>`, address, 'e@f.example'],
      ],
    ]),
    ['a blank behind quotes', '"john doe" @x.example', ['"john doe"@x.example']],
    ['quotes that aren’t needed', '<"Paivi.M"@x.example>, "paivi"@x.example', ['Paivi.M@x.example', 'paivi@x.example']],
    [
      'backslashes that aren’t needed',
      '"pai\\vi"@x.example, "a \\b"@x.example',
      ['paivi@x.example', '"a b"@x.example'],
    ],
    ['quotes around all, with blanks', '" a@b.example "', ['a@b.example']],
    ['a source route and quotes', '<@y.example:"john doe"@x.example>', ['"john doe"@x.example']],
    ['comments around quotes', '<(x) "john doe" (y)@x.example(z)>', ['"john doe"@x.example']],
  ];
  for (const [name, value, expected] of cases) it(name, () => expect(read(value)).to.deep.equal(expected));

  it('tells what has no address', () => {
    expect(readAddresses('from', 'root')[0]?.type).to.equal('name');
    expect(readAddresses('from', 'a@b')[0]?.type).to.equal('email');
  });

  it('takes several From and repeated fields, each address once a role', () => {
    const { participants } = parse(
      'From: a@b.example, c@d.example\nFrom: A@b.example\nTo: a@b.example\nTo: x@y.example\n\n',
    );
    expect(participants.map(({ role, value }) => `${role} ${value}`)).to.deep.equal([
      'from a@b.example',
      'from c@d.example',
      'to a@b.example',
      'to x@y.example',
    ]);
  });

  it('reads a From with blanks before its colon (RFC 5322, 4.5.2)', () => {
    const { participants } = parse('Subject: x\nFrom : Anna <a@b.example>\nTo\t: c@d.example\n\nx');
    expect(participants.map(({ role, value }) => `${role} ${value}`)).to.deep.equal([
      'from a@b.example',
      'to c@d.example',
    ]);
  });

  it('reads fields named like members of objects', () => {
    expect(parse('constructor: x\n__proto__: y\ntoString: z\nFrom: a@b.example\n\n').participants).to.have.length(1);
  });
});

describe('dates', () => {
  const cases: [string, string | undefined][] = [
    ['Mon, 23 Nov 2026 10:00:00 +0200', '2026-11-23T08:00:00.000Z'],
    ['23 Nov 2026 10:00 GMT', '2026-11-23T10:00:00.000Z'],
    ['Mon, 23 Nov 26 10:00:00 EST', '2026-11-23T15:00:00.000Z'],
    ['Fri, 1 Jan 99 00:00:00 PDT', '1999-01-01T07:00:00.000Z'],
    ['Thu, 13 Feb 1969 23:32:54 -0330', '1969-02-14T03:02:54.000Z'],
    ['Fri, 21 Nov 1997 09(comment):   55  :  06 -0600', '1997-11-21T15:55:06.000Z'],
    ['Mon, 23 Nov 2026 10:00:00 +0200 (EET)', '2026-11-23T08:00:00.000Z'],
    ['Mon, 23 Nov 2026 24:99:00 +0200', undefined],
    ['Tue, 31 Feb 2026 10:00:00 +0000', undefined],
    ['Mon, 23 Nov 2026 10:00:60 +0000', '2026-11-23T10:00:59.000Z'],
    ['Mon Nov 23 10:00:00 2026', '2026-11-23T10:00:00.000Z'],
    ['Mon, 23-Nov-2026 10:00:00 UT', '2026-11-23T10:00:00.000Z'],
    ['Mon Nov 23 10:00:00 +0200 2026', '2026-11-23T08:00:00.000Z'],
    ['Mon Nov 23 10:00:00 EET 2026', '2026-11-23T08:00:00.000Z'],
    ['Mon Nov 23 10:00:00 2026 +0200', '2026-11-23T08:00:00.000Z'],
    ['Monday, November 23, 2026 9:05 PM', '2026-11-23T21:05:00.000Z'],
    ['Mon, Nov 23, 2026 at 10:00:00 AM +0200', '2026-11-23T08:00:00.000Z'],
    ['November 23, 2026, 10:00 EST', '2026-11-23T15:00:00.000Z'],
    ['Thursday, April 31, 2026 9:00 AM', undefined],
    ['2026-11-23T10:00:00+02:00', '2026-11-23T08:00:00.000Z'],
    ['Mon, 23 November 2026 10.00.00 +0200', '2026-11-23T08:00:00.000Z'],
    ['Mon, 23 Nov 2026 10:00:00 GMT+2', '2026-11-23T08:00:00.000Z'],
    ['Mon, 23 Nov 2026 10:00:00 -03', '2026-11-23T13:00:00.000Z'],
    ['Mon, 23 Nov 2026 10:00:00 +200', '2026-11-23T08:00:00.000Z'],
    ['Mon, 23 Nov 2026 10:00:00 UTC+05:30', '2026-11-23T04:30:00.000Z'],
    ['November 23, 2026 at 10:00:00 AM GMT+2', '2026-11-23T08:00:00.000Z'],
    ['yesterday', undefined],
    ['', undefined],
    ['Mon, 23 Nov 2026 10:00:00 X', '2026-11-23T10:00:00.000Z'],
    ['Mon, 23 Nov 99999 10:00:00 +0000', undefined],
    ['Mon, 1 Jan 0001 00:00:00 +0000', undefined],
    ['Mon Jan  1 00:00:00 0001', undefined],
    ['0099-01-01T00:00:00Z', undefined],
  ];
  for (const [value, expected] of cases)
    it(`"${value}"`, () => expect(readDate(value)?.toISOString()).to.equal(expected));

  const occurred = (lines: string[], context = {}) =>
    parse([...lines, 'From: a@b.example', '', 'x'], context).occurredAt.toISOString();
  const internalDate = new Date('2026-11-20T00:00:00Z');
  const received = 'Received: from x by y; Mon, 23 Nov 2026 10:00:02 +0200';

  it('happened when the topmost Received says', () =>
    expect(occurred([received, 'Received: x; Mon, 23 Nov 2026 09:00:00 +0200'], { internalDate })).to.equal(
      '2026-11-23T08:00:02.000Z',
    ));
  it('else when the server says', () =>
    expect(occurred(['Date: Mon, 23 Nov 2026 09:00:00 +0200'], { internalDate })).to.equal('2026-11-20T00:00:00.000Z'));
  it('else when the From_ line of an mbox says', () =>
    expect(occurred([], { fromLineDate: internalDate })).to.equal('2026-11-20T00:00:00.000Z'));
  it('else when its author says', () =>
    expect(occurred(['Date: Mon, 23 Nov 2026 09:00:00 +0200'])).to.equal('2026-11-23T07:00:00.000Z'));
  it('never after the capture', () =>
    expect(occurred(['Date: Mon, 23 Nov 2037 09:00:00 +0200'])).to.equal(capturedAt.toISOString()));
  it('else when it was captured', () =>
    expect(occurred(['Date: 31 Feb 2026 25:00'])).to.equal(capturedAt.toISOString()));
  it('keeps a future Date as sentAt', () =>
    expect(parse('Date: Mon, 23 Nov 2037 09:00:00 +0200\n\n').sentAt?.getUTCFullYear()).to.equal(2037));
});

describe('parameters', () => {
  const nameOf = (field: string) => {
    const { params } = readStructured(Buffer.from(field).toString('latin1'));
    return readableName(params.get('filename') ?? params.get('name'));
  };
  const cases: [string, string, string | undefined][] = [
    ['a token', 'attachment; filename=a.pdf', 'a.pdf'],
    ['quoted, with a semicolon', 'attachment; filename="a;b.pdf"', 'a;b.pdf'],
    ['unquoted, with spaces and brackets', 'attachment; filename=lasku (1) uusi.pdf', 'lasku (1) uusi.pdf'],
    ['RFC 2231', "attachment; filename*=utf-8''p%C3%A4iv%C3%A4.pdf", 'päivä.pdf'],
    ['RFC 2231 in iso-8859-1', "attachment; filename*=iso-8859-1'fi'p%E4iv%E4.pdf", 'päivä.pdf'],
    ['RFC 2231 before the plain one', 'attachment; filename="x.pdf"; filename*=UTF-8\'\'%E2%82%AC.pdf', '€.pdf'],
    ['continued', 'attachment; filename*0="one "; filename*1="two.pdf"', 'one two.pdf'],
    [
      'continued and encoded, split inside a character',
      "attachment; filename*0*=utf-8''p%C3; filename*1*=%A4; filename*2=x.pdf",
      'päx.pdf',
    ],
    ['continued out of order', 'attachment; filename*1=b.pdf; filename*0=a', 'ab.pdf'],
    ['RFC 2047, wrong but common', 'attachment; filename="=?utf-8?Q?p=C3=A4iv=C3=A4.pdf?="', 'päivä.pdf'],
    ['RFC 2047 continued by RFC 2231', 'attachment; filename*0="=?utf-8?B?w6Q="; filename*1="?= x.pdf"', 'ä x.pdf'],
    ['raw utf-8', 'attachment; filename="päivä.pdf"', 'päivä.pdf'],
    ['a Windows path', 'attachment; filename="C:\\Users\\a.txt"', 'C:\\Users\\a.txt'],
    ['escaped quotes', 'attachment; filename="a \\"b\\".txt"', 'a "b".txt'],
    ['folded', 'attachment;\r\n filename="a.pdf"', 'a.pdf'],
    ['no end quote', 'attachment; filename="a.pdf', 'a.pdf'],
    ['given twice', 'attachment; filename=a; filename=b', 'a'],
    ['a flag before it', 'attachment; flag; filename=a', 'a'],
    ['a missing semicolon', 'application/pdf name="a.pdf"', undefined],
  ];
  for (const [name, field, expected] of cases) it(name, () => expect(nameOf(field)).to.equal(expected));

  it('that nobody could save are shortened, their extension stays', () => {
    const name = nameOf(`attachment; filename=${'x'.repeat(100_000)}.pdf`);
    expect(name)
      .to.have.length(500)
      .and.match(/….*\.pdf$/);
  });
});
