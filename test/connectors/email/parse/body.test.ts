import { expect } from 'chai';
import { htmlToText } from '../../../../connectors/common/html-text.ts';
import { head, multipart, parse, text } from './mails.ts';

const alternative = (plain: string, html: string): (string | Buffer)[] => [
  'Content-Type: multipart/alternative; boundary=alt',
  '',
  ...multipart('alt', [text(plain), text(html, 'text/html; charset=utf-8')]),
];
const mixed = (...parts: (string | Buffer)[][]) =>
  parse([...head('Content-Type: multipart/mixed; boundary=mix'), '', ...multipart('mix', parts)]);
const file = (name: string, type = 'application/pdf', disposition = 'attachment') => [
  `Content-Type: ${type}; name="${name}"`,
  `Content-Disposition: ${disposition}; filename="${name}"`,
  '',
  'file',
];

describe('text and html', () => {
  it('of multipart/alternative: each from its own', () => {
    const mail = parse([
      ...head('Content-Type: multipart/alternative; boundary=a'),
      '',
      ...multipart('a', [text('plain'), text('<p>rich</p>', 'text/html')]),
    ]);
    expect(mail).to.deep.include({ text: 'plain', html: '<p>rich</p>', parts: [] });
  });

  it('text is made from html where there is none, or an empty one', () => {
    expect(parse([...head('Content-Type: text/html'), '', '<p>Hei <b>sinä</b></p>']).text).to.equal('Hei sinä');
    expect(mixed(alternative(' \r\n', '<p>rich</p>')).text).to.equal('rich');
  });

  it('several text parts are joined, files between them are parts', () => {
    const mail = mixed(alternative('plain', '<p>rich</p>'), file('a.pdf'), text('footer <x>'));
    expect(mail.text).to.equal('plain\nfooter <x>');
    expect(mail.html).to.equal('<p>rich</p>\n<div style="white-space:pre-wrap">footer &lt;x&gt;</div>');
    expect(mail.parts.map(part => part.name)).to.deep.equal(['a.pdf']);
  });

  it('of mixed html inside an alternative (Apple Mail)', () => {
    const rich = [
      'Content-Type: multipart/mixed; boundary=in',
      '',
      ...multipart('in', [
        text('<p>one</p>', 'text/html'),
        file('a.pdf', 'application/pdf', 'inline'),
        text('<p>two</p>', 'text/html'),
      ]),
    ];
    const mail = parse([
      ...head('Content-Type: multipart/alternative; boundary=a'),
      '',
      ...multipart('a', [text('plain'), rich]),
    ]);
    expect(mail).to.include({ text: 'plain', html: '<p>one</p>\n<p>two</p>' });
    expect(mail.parts.map(({ n, name, inline }) => [n, name, inline])).to.deep.equal([[1, 'a.pdf', true]]);
  });

  it('of related html: the images are parts, those it shows are inline', () => {
    const related = [
      'Content-Type: multipart/related; boundary=rel',
      '',
      ...multipart('rel', [
        text('<img src="cid:logo@x">', 'text/html'),
        [
          'Content-Type: image/png; name=logo.png',
          'Content-ID: <logo@x>',
          'Content-Transfer-Encoding: base64',
          '',
          'AAEC',
        ],
        ['Content-Type: image/png', 'Content-ID: <other@x>', '', 'y'],
      ]),
    ];
    const mail = mixed(related);
    expect(mail.parts).to.deep.equal([
      { n: 1, name: 'logo.png', type: 'image/png', size: 3, inline: true, cid: 'logo@x' },
      { n: 2, type: 'image/png', size: 1, inline: false, cid: 'other@x' },
    ]);
  });

  it('text files are parts, by disposition or by name after the text', () => {
    const mail = mixed(text('body'), file('log.txt', 'text/plain'), file('page.html', 'text/html', 'inline'), [
      'Content-Type: text/plain; name=ATT1.txt',
      '',
      'x',
    ]);
    expect(mail.text).to.equal('body');
    expect(mail.html).to.equal(undefined);
    expect(mail.parts.map(({ name }) => name)).to.deep.equal(['log.txt', 'page.html', 'ATT1.txt']);
  });

  it('of the only text there is, though it has a name', () =>
    expect(mixed(['Content-Type: text/plain; name=msg.txt', '', 'x']).text).to.equal('x'));

  it('other alternatives are parts', () => {
    const calendar = ['Content-Type: text/calendar; method=REQUEST', '', 'BEGIN:VCALENDAR\r\nEND:VCALENDAR'];
    const mail = parse([
      ...head('Content-Type: multipart/alternative; boundary=a'),
      '',
      ...multipart('a', [text('plain'), text('<p>r</p>', 'text/html'), calendar]),
    ]);
    expect(mail).to.include({ text: 'plain', html: '<p>r</p>' });
    expect(mail.parts.map(({ type }) => type)).to.deep.equal(['text/calendar']);
  });

  it('format=flowed: what people part by a blank line stays apart, whatever spaces they leave before it', () => {
    const said = (body: string) => parse([...head('Content-Type: text/plain; format=flowed'), '', body]).text;
    expect(said('Hei, \r\n\r\nOvi ei \r\naukea. \r\n\r\n\r\n-- \r\nAnna')).to.equal(
      'Hei, \n\nOvi ei aukea. \n\n\n-- \nAnna',
    );
    expect(said('> Hei, \r\n> \r\n>  koodi: 12\r\n \r\nKiitos.')).to.equal('> Hei, \n> \n>  koodi: 12\n\nKiitos.');
  });

  it('format=flowed, with and without delsp', () => {
    const flowed = (more: string, body: string) =>
      parse([...head(`Content-Type: text/plain; format=flowed${more}`), '', body]).text;
    expect(flowed('', 'one \r\ntwo\r\n> a \r\n> b\r\n-- \r\nAnna')).to.equal('one two\n> a b\n-- \nAnna');
    expect(flowed('; delsp=yes', 'pitkä\u00e4 \r\nsana'.replace('ää', 'ä'))).to.equal('pitkäsana');
    expect(flowed('', ' From x\r\n >y')).to.equal('From x\n>y');
    expect(flowed('', '> a \r\n>> b \r\n>> c\r\n>d')).to.equal('> a \n>> b c\n>d');
    expect(flowed('; delsp=yes', 'sana \r\n  toinen')).to.equal('sana toinen');
  });

  it('quoted-printable: soft breaks, blanks at line ends, what is no code', () => {
    expect(
      parse([
        ...head('Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: quoted-printable'),
        '',
        'p=C3=A4=  \r\niv=c3=a4 \t\r\nx=20\r\na=b =',
      ]).text,
    ).to.equal('päivä\nx \na=b ');
  });

  it('base64 that was never encoded is shown as it is', () => {
    expect(
      parse([
        ...head('Content-Type: text/plain', 'Content-Transfer-Encoding: base64'),
        '',
        'Hello, this is not encoded at all.',
      ]).text,
    ).to.equal('Hello, this is not encoded at all.');
  });

  it('types that are written wrongly', () => {
    for (const type of [
      'text',
      'TEXT/PLAIN',
      'text/plain charset=utf-8',
      'plain',
      '"text/plain"',
      '; charset=utf-8',
      'nonsense',
    ])
      expect(parse([...head(`Content-Type: ${type}`), '', 'x']).text, type).to.equal('x');
  });

  it('text/enriched without the parameters of its formatting, but for one that never ends', () => {
    const text = 'a<COLOR><Param>red\r\n</PARAM>b</COLOR><param>c <<param>d</bold>';
    expect(parse([...head('Content-Type: text/enriched'), '', text]).text).to.equal('abc <param>d');
  });
  it('text/enriched without its formatting', () =>
    expect(parse([...head('Content-Type: text/enriched'), '', '<bold>Hi</bold> <<x>\r\n\r\nnext']).text).to.equal(
      'Hi <x>\nnext',
    ));

  it('text over the limit is cut, and it says so', () => {
    const mail = parse(Buffer.from(`${head('Content-Type: text/plain').join('\r\n')}\r\n\r\n${'x'.repeat(9_000_000)}`));
    expect(mail.text?.length).to.equal(8 * 1024 * 1024);
    expect(mail.notice).to.match(/only the beginning/);
  });
});

describe('a mail without text says why', () => {
  const only = (...lines: string[]) => parse([...head(...lines)]);
  const cases: [string, string[], RegExp][] = [
    ['nothing', ['', ''], /no text/],
    ['a file', ['Content-Type: application/pdf', '', 'x'], /one attached file/],
    ['an image', ['Content-Type: image/png', '', 'x'], /one image/],
    ['an attached mail', ['Content-Type: message/rfc822', '', 'From: x@y.example'], /one attached mail/],
    [
      'encrypted S/MIME',
      ['Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m', '', 'x'],
      /encrypted with S\/MIME/,
    ],
    [
      'opaquely signed S/MIME',
      ['Content-Type: application/x-pkcs7-mime; smime-type=signed-data', '', 'x'],
      /S\/MIME signature/,
    ],
    [
      'PGP',
      [
        'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b',
        '',
        '--b',
        'Content-Type: application/pgp-encrypted',
        '',
        'Version: 1',
        '--b',
        'Content-Type: application/octet-stream',
        '',
        'x',
        '--b--',
      ],
      /PGP/,
    ],
    [
      'html that shows nothing',
      ['Content-Type: text/html', '', '<html><body><img src="http://x.example/a.png"></body></html>'],
      /HTML shows no text/,
    ],
    [
      'a report without text',
      [
        'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
        '',
        '--b',
        'Content-Type: message/delivery-status',
        '',
        'Action: failed',
        '--b--',
      ],
      /delivery report/,
    ],
    ['a broken winmail.dat', ['Content-Type: application/ms-tnef; name=winmail.dat', '', 'x'], /winmail\.dat/],
  ];
  for (const [name, lines, notice] of cases) it(name, () => expect(only(...lines).notice).to.match(notice));

  it('an S/MIME-signed one is read like any other', () => {
    const mail = parse([
      ...head('Content-Type: multipart/signed; protocol="application/pkcs7-signature"; boundary=s'),
      '',
      ...multipart('s', [text('signed text'), ['Content-Type: application/pkcs7-signature; name=smime.p7s', '', 'x']]),
    ]);
    expect(mail.text).to.equal('signed text');
    expect(mail.parts.map(({ name }) => name)).to.deep.equal(['smime.p7s']);
    expect(mail).not.to.have.property('notice');
  });

  it('a calendar entry is told in words', () => {
    const entry = [
      'BEGIN:VCALENDAR',
      'METHOD:REQUEST',
      'BEGIN:VEVENT',
      'SUMMARY:Palaveri\\, tärkeä',
      'DTSTART;TZID=Europe/Helsinki:20261123T100000',
      'DTEND:20261123T090000Z',
      'LOCATION:Huone 1',
      'ORGANIZER;CN="Anna Aho":mailto:anna@asiakas.example',
      'DESCRIPTION:Rivi 1\\nRi',
      ' vi 2',
      'END:VEVENT',
      'END:VCALENDAR',
    ];
    const mail = parse([...head('Content-Type: text/calendar; charset=utf-8; method=REQUEST'), '', ...entry]);
    expect(mail.text).to.equal(
      'Invitation: Palaveri, tärkeä\nStart: 2026-11-23 10:00 (Europe/Helsinki)\nEnd: 2026-11-23 09:00 UTC\nPlace: Huone 1\nOrganizer: Anna Aho <anna@asiakas.example>\n\nRivi 1\nRivi 2',
    );
    expect(mail.notice).to.match(/calendar/);
    expect(mail.parts.map(({ type }) => type)).to.deep.equal(['text/calendar']);
  });
});

describe('text of html', () => {
  const cases: [string, string, string][] = [
    ['paragraphs, lines', '<p>a</p><p>b<br>c</p><div>d</div><div>e</div>', 'a\n\nb\nc\n\nd\ne'],
    ['white space', '  a \n\t b<b> c</b>d ', 'a b cd'],
    ['entities', '&lt;a&gt; &amp;amp; &auml;&#228;&#xe4; a&nbsp;b &euro;', '<a> &amp; äää a b €'],
    [
      'what nobody sees',
      '<head><title>t</title><style>p{}</style></head><script>x<y</script>a<!-- b > --><!-->c',
      'ac',
    ],
    [
      'lists and cells',
      '<ul><li>a<li>b</ul><table><tr><td>1<td>2</tr><tr><td>3</td></tr></table>',
      '- a\n- b\n\n1 2\n3',
    ],
    ['quotes', '<p>hi</p><blockquote><p>old</p><p>older</p></blockquote>', 'hi\n\n> old\n>\n> older'],
    ['pre', '<pre>a\n  b</pre>', 'a\n  b'],
    ['attributes with >', '<a title="a>b" href=\'x\'>link</a>', 'link'],
    ['a lone <', 'a < b <3', 'a < b <3'],
    ['an unfinished tag', 'text <a href="', 'text'],
    ['tags named like members of objects', '<constructor>a</constructor><tostring>b', 'ab'],
  ];
  for (const [name, html, expected] of cases) it(name, () => expect(htmlToText(html)).to.equal(expected));

  it('takes time in proportion to its length, whatever is in it', () => {
    for (const piece of ['<style>', '<!--', '<a b="', '<', '&', '<blockquote>', '</p', "<a href='"]) {
      const started = performance.now();
      htmlToText(piece.repeat(Math.ceil(500_000 / piece.length)));
      expect(performance.now() - started, piece).to.be.lessThan(4000);
    }
  });
});
