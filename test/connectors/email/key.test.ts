import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { mailKey, makeMailKey } from '../../../connectors/email/key.ts';

interface Vector {
  name: string;
  same: string;
  key: string;
  base64: string;
}

const { cases } = JSON.parse(readFileSync(new URL('../../fixtures/mail/mail-key.json', import.meta.url), 'utf8')) as {
  cases: Vector[];
};

const inChunks = (bytes: Buffer, cuts: number[]): string => {
  const hasher = makeMailKey();
  let at = 0;
  for (const cut of [...cuts.map(cut => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]) {
    hasher.write(bytes.subarray(at, cut));
    at = cut;
  }
  return hasher.digest();
};

describe('the e-mail key', () => {
  for (const { name, key, base64 } of cases) {
    it(`vector: ${name}`, () => {
      const bytes = Buffer.from(base64, 'base64');
      expect(mailKey(bytes)).to.equal(key);
      expect(inChunks(bytes, [...bytes.keys()])).to.equal(key);
    });
  }

  it('knows a From field with blanks before its colon, and no From_ line for one', () => {
    const keys = (from: string) =>
      ['', 'Received: by mx.example\n'].map(top => mailKey(Buffer.from(`${top}${from}\n\nx\n`)));
    for (const from of ['From : a@x.example', 'From \t: a@x.example'])
      expect(new Set(keys(from)).size, from).to.equal(1);
    expect(mailKey(Buffer.from('From : a@x.example\n\nx'))).to.equal(mailKey(Buffer.from('From: a@x.example\n\nx')));
    expect(new Set(keys('From a@x.example Mon Nov 23 10:00:00 2026')).size).to.equal(2);
  });

  const piece = fc.oneof(
    fc.constantFrom(
      '\r\n',
      '\n',
      '\r',
      ' ',
      '\t',
      '>',
      'From ',
      '>From ',
      '>>From x',
      'From: a@b',
      'From : a@b',
      'no field\n',
      '\n \n',
      '\n--b\n',
      'Subject: x',
      '\r\n\r\n',
      ':',
      'x',
      'Received: y',
    ),
    fc.string({ maxLength: 20 }),
  );
  const mail = fc.array(piece, { maxLength: 60 }).map(pieces => Buffer.from(pieces.join(''), 'latin1'));

  it('is the same however a mail is cut', () => {
    fc.assert(
      fc.property(
        mail,
        fc.array(fc.nat(), { maxLength: 12 }),
        (bytes, cuts) => inChunks(bytes, cuts) === mailKey(bytes),
      ),
      { numRuns: 2000 },
    );
  });

  it('is the same with LF as with CRLF', () => {
    const clean = mail.map(bytes => bytes.toString('latin1').replace(/\r/g, ''));
    fc.assert(
      fc.property(
        clean,
        text => mailKey(Buffer.from(text, 'latin1')) === mailKey(Buffer.from(text.replace(/\n/g, '\r\n'), 'latin1')),
      ),
      { numRuns: 1000 },
    );
  });

  it('is the same with a header over the first tries of a stream', () => {
    const field = `X-Long: ${'y'.repeat(900)}\r\n`;
    const bytes = Buffer.from(
      `From: a@b.example\r\n${field.repeat(200)}Subject: s\r\n\r\n${'body\r\n'.repeat(50_000)}`,
    );
    expect(inChunks(bytes, [10, 16_384, 16_385, 100_000])).to.equal(mailKey(bytes));
  });
});
