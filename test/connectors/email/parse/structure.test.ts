import { expect } from 'chai';
import fc from 'fast-check';
import { makeStructureScanner, readStructure } from '../../../../connectors/email/parse/structure.ts';
import { bytesOf, head, multipart, parse, structureOf, text } from './mails.ts';

const mixed = (boundary = 'b1') => head(`Content-Type: multipart/mixed; boundary="${boundary}"`);
const bodies = (bytes: Buffer): string[] =>
  structureOf(bytes)
    .entities.filter(entity => !entity.multipart)
    .map(({ bodyStart, bodyEnd }) => bytes.toString('latin1', bodyStart, bodyEnd));

const inChunks = (bytes: Buffer, cuts: number[]) => {
  const scanner = makeStructureScanner();
  let at = 0;
  for (const cut of [...cuts.map(cut => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]) {
    scanner.write(bytes.subarray(at, cut));
    at = cut;
  }
  return scanner.end();
};

describe('the structure of a mail', () => {
  const twoParts = [...multipart('b1', [text('one'), text('two')])];

  it('bounds its parts without the line end before a delimiter', () => {
    expect(bodies(bytesOf([...mixed(), '', 'preamble', ...twoParts, 'epilogue']))).to.deep.equal(['one', 'two']);
  });

  for (const [name, eol] of [
    ['LF', '\n'],
    ['CRLF', '\r\n'],
    ['CR', '\r'],
    ['CR CR LF', '\r\r\n'],
  ] as const) {
    it(`with ${name} line ends`, () =>
      expect(bodies(bytesOf([...mixed(), '', ...twoParts], eol)).map(body => body.trim())).to.deep.equal([
        'one',
        'two',
      ]));
  }

  it('with mixed line ends', () => {
    const mail =
      'From: a@b.example\nContent-Type: multipart/mixed; boundary=b\r\n\n--b\r\rone\n--b\n\r\ntwo\r\n--b--\n';
    expect(bodies(Buffer.from(mail))).to.deep.equal(['one', 'two']);
  });

  it('with boundaries that begin with one another', () => {
    const inner = multipart('b1-inner', [text('a'), text('b')]);
    const mail = bytesOf([
      ...mixed('b1'),
      '',
      ...multipart('b1', [['Content-Type: multipart/mixed; boundary=b1-inner', '', ...inner], text('c')]),
    ]);
    expect(bodies(mail)).to.deep.equal(['a', 'b', 'c']);
  });

  it('with the same boundary inside', () => {
    const inner = multipart('b1', [text('a'), text('b')]);
    const mail = bytesOf([
      ...mixed('b1'),
      '',
      ...multipart('b1', [['Content-Type: multipart/mixed; boundary=b1', '', ...inner], text('c')]),
    ]);
    expect(bodies(mail)).to.deep.equal(['a', 'b', 'c']);
  });

  it('with an inner end missing', () => {
    const mail = bytesOf([
      ...mixed('b1'),
      '',
      '--b1',
      'Content-Type: multipart/mixed; boundary=b2',
      '',
      '--b2',
      '',
      'a',
      '--b1',
      '',
      'c',
    ]);
    expect(bodies(mail)).to.deep.equal(['a', 'c']);
  });

  it('with a part that has no header and no empty line', () => {
    expect(bodies(bytesOf([...mixed(), '', '--b1', 'just text', 'more', '--b1', '', 'two', '--b1--']))).to.deep.equal([
      'just text\r\nmore',
      'two',
    ]);
  });

  it('with spaces after a boundary, and text that only resembles one', () => {
    expect(bodies(bytesOf([...mixed(), '', '--b1  ', '', '--b1x', ' --b1', '-- ', '--b1--  ']))).to.deep.equal([
      '--b1x\r\n --b1\r\n-- ',
    ]);
  });

  it('with parts after the end', () => {
    expect(bodies(bytesOf([...mixed(), '', ...twoParts, ...multipart('b1', [text('three')])]))).to.deep.equal([
      'one',
      'two',
      'three',
    ]);
  });

  it('with a boundary that is missing or wrong', () => {
    const part = [
      '--real',
      'Content-Type: text/plain',
      '',
      'one',
      '--real',
      'Content-Type: text/plain',
      '',
      'two',
      '--real--',
    ];
    expect(bodies(bytesOf([...head('Content-Type: multipart/mixed'), '', ...part]))).to.deep.equal(['one', 'two']);
    expect(bodies(bytesOf([...mixed('other'), '', ...part]))).to.deep.equal(['one', 'two']);
  });

  it('with a multipart that has no parts: it is its text', () => {
    expect(parse([...mixed(), '', 'Only a preamble.']).text).to.equal('Only a preamble.');
  });

  it('without an empty line after the header', () => {
    const mail = parse('From: a@b.example\nSubject: x\nHello there\nand more');
    expect(mail.text).to.equal('Hello there\nand more');
    expect(mail.subject).to.equal('x');
  });

  it('with a line of blanks, or none, between the header and its parts or text', () => {
    const parts = multipart('b1', [text('Tilaus 4711', 'text/html'), ['Content-Type: image/png', '', 'x']]);
    for (const between of [[' '], ['\t '], []])
      expect(parse([...mixed(), ...between, ...parts]), JSON.stringify(between)).to.include({ text: 'Tilaus 4711' });
    const quoted = ['Hei,', '----- alkuperäinen -----', 'From: b@x.example', 'Subject: other'];
    const mail = parse([...head(), '  ', ...quoted]);
    expect(mail).to.include({ text: quoted.join('\n'), subject: 'Hei' });
    expect(mail.participants).to.have.length(2);
  });

  it('with a field in its header whose folding is lost, over many lines', () => {
    const lost = ['X-Brightmail-Tracker: AAAA', ...Array.from({ length: 12 }, (_, i) => `${'Ab3/+'.repeat(12)}${i}==`)];
    expect(parse([...lost, ...head(), '', 'Text.'])).to.include({ subject: 'Hei', text: 'Text.' });
    const body = ['no field', '', 'Subject: in the text'];
    expect(parse([...head(), ...body])).to.include({ subject: 'Hei', text: body.join('\n') });
  });

  it('with only a header, only a body, nothing', () => {
    expect(parse('Subject: x').subject).to.equal('x');
    expect(parse('\n\nbody').text?.trim()).to.equal('body');
    const nothing = parse('');
    expect(nothing.notice).to.match(/empty/);
    expect(nothing.text).to.equal(undefined);
  });

  it('with a byte order mark and empty lines before the header', () => {
    expect(parse(Buffer.from('\ufeffSubject: x\n\nbody')).subject).to.equal('x');
    expect(parse('\r\n\r\nSubject: x\r\n\r\nbody').subject).to.equal('x');
  });

  it('with a From_ line of an mbox on top or in the header', () => {
    expect(
      parse('From a@b Mon Nov 23 10:00:00 2026\nSubject: x\n>From c@d Mon Nov 23 10:00:00 2026\nDate: x\n\nbody'),
    ).to.include({ subject: 'x', text: 'body' });
  });

  it('takes message/rfc822 as one leaf, what is in it as nothing of the mail', () => {
    const embedded = [
      'Content-Type: message/rfc822',
      '',
      'From: other@x.example',
      'Subject: inner',
      'Content-Type: multipart/mixed; boundary=in',
      '',
      ...multipart('in', [text('leak'), ['Content-Type: image/png; name=leak.png', '', 'x']]),
    ];
    const mail = parse([...mixed(), '', ...multipart('b1', [text('outer'), embedded])]);
    expect(mail.text).to.equal('outer');
    expect(mail.subject).to.equal('Hei');
    expect(mail.parts.map(({ n, type }) => [n, type])).to.deep.equal([[1, 'message/rfc822']]);
    expect(mail.participants.some(({ value }) => value === 'other@x.example')).to.equal(false);
  });

  it('nested 20,000 deep: the text is found', () => {
    const lines: string[] = head('Content-Type: multipart/mixed; boundary=d0');
    for (let i = 0; i < 20_000; i++) lines.push('', `--d${i}`, `Content-Type: multipart/mixed; boundary=d${i + 1}`);
    const mail = parse([...lines, '', '--d20000', '', 'at the bottom', '--d20000--']);
    expect(mail.text).to.equal('at the bottom');
  });

  it('in 100,000 parts: the first thousand are listed, and it says so', () => {
    const part = '--b1\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n';
    const mail = parse(Buffer.from(`${mixed().join('\r\n')}\r\n\r\n--b1\r\n\r\ntext\r\n${part.repeat(100_000)}--b1--`));
    expect(mail.text).to.equal('text');
    expect(mail.parts).to.have.length(1000);
    expect(mail.notice)
      .to.match(/100000 parts/)
      .and.match(/first 1000/);
  });

  it('in 100,000 parts with LF line ends: no slower', () => {
    const part = '--b1\nContent-Type: image/png\n\nAAAA\n';
    const started = performance.now();
    parse(Buffer.from(`${mixed().join('\n')}\n\n${part.repeat(100_000)}--b1--`));
    expect(performance.now() - started).to.be.lessThan(8000);
  });

  it('with a header of more than 2 MB: what was read, and it says so', () => {
    const field = `X-Filler: ${'x'.repeat(990)}\r\n`;
    const mail = parse(Buffer.from(`From: a@b.example\r\nSubject: s\r\n${field.repeat(3000)}X-Last: y\r\n\r\nbody`));
    expect(mail).to.include({ subject: 's', text: 'body' });
    expect(mail.notice).to.match(/header is longer than 2097152 bytes/);
    expect(mail.headers.length).to.be.lessThan(2_097_153).and.greaterThan(2_000_000);
  });

  it('with a header just below 2 MB: whole', () => {
    const field = `X-Filler: ${'x'.repeat(990)}\r\n`;
    const mail = parse(Buffer.from(`From: a@b.example\r\n${field.repeat(2000)}Subject: s\r\n\r\nbody`));
    expect(mail).to.include({ subject: 's', text: 'body' }).and.not.have.property('notice');
  });

  it('with more recipients than are kept: the first of them, and it says so', () => {
    const to = Array.from({ length: 2500 }, (_, i) => `r${i}@many.example`).join(',\r\n ');
    const mail = parse(`From: a@b.example\r\nTo: ${to}\r\n\r\nbody`);
    expect(mail.participants).to.have.length(2000);
    expect(mail.notice).to.equal('It names very many people: the first 2000 are listed.');
    const name = 'x'.repeat(600_000);
    const cut = parse(`From: a@b.example\r\nTo: r@many.example, "${name}" <s@many.example>\r\n\r\nbody`);
    expect(cut.notice).to.equal('It names very many people: the first 2 are listed.');
  });

  it('is the same however a mail is cut', () => {
    const piece = fc.constantFrom(
      '--b1',
      '--b1--',
      '--b2',
      '--b2--',
      '\r\n',
      '\n',
      '\r',
      '\r\n\r\n',
      '\n\n',
      'text',
      '-',
      ' ',
      'Content-Type: multipart/mixed; boundary=b2',
      'Content-Type: text/html',
      'no field',
      'X: y',
      '--zz',
      'x'.repeat(300),
    );
    const mail = fc
      .array(piece, { maxLength: 40 })
      .map(pieces => Buffer.from(`From: a@b\r\nContent-Type: multipart/mixed; boundary=b1\r\n\r\n${pieces.join('')}`));
    fc.assert(
      fc.property(mail, fc.array(fc.nat(), { maxLength: 10 }), (bytes, cuts) => {
        expect(inChunks(bytes, cuts)).to.deep.equal(readStructure(bytes.toString('latin1')));
      }),
      { numRuns: 1500 },
    );
  });

  it('stays within the mail and in order, whatever it is given', () => {
    const bytes = fc
      .uint8Array({ maxLength: 400 })
      .map(body => Buffer.concat([Buffer.from('Content-Type: multipart/mixed; boundary="-"\n\n---\n'), body]));
    fc.assert(
      fc.property(bytes, mail => {
        for (const { bodyStart, bodyEnd } of structureOf(mail).entities)
          expect(bodyStart <= bodyEnd && bodyEnd <= mail.length).to.equal(true);
      }),
    );
  });
});
