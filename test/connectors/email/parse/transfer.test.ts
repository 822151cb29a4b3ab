import { expect } from 'chai';
import fc from 'fast-check';
import {
  decodeBody,
  decodedSize,
  encodingOf,
  makeBodyDecoder,
  type TransferEncoding,
} from '../../../../connectors/email/parse/transfer.ts';

const ENCODINGS: TransferEncoding[] = ['identity', 'base64', 'quoted-printable', 'uuencode'];
const decoded = (body: string, encoding: TransferEncoding): string =>
  decodeBody(Buffer.from(body, 'latin1'), encoding).toString('latin1');

const inPieces = (bytes: Buffer, encoding: TransferEncoding, cuts: number[]): Buffer => {
  const decoder = makeBodyDecoder(encoding);
  const out: Buffer[] = [];
  let at = 0;
  for (const cut of [...cuts.map(cut => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]) {
    out.push(decoder.write(bytes.subarray(at, cut)));
    at = cut;
  }
  return Buffer.concat([...out, decoder.end()]);
};

describe('transfer encodings', () => {
  it('are known by their names, comments and case aside', () => {
    expect(
      [
        'base64',
        ' BASE64 ',
        '"base64"',
        '(x) base64',
        'Quoted-Printable',
        'x-uuencode',
        '8bit',
        'binary',
        'nonsense',
        '',
      ].map(encodingOf),
    ).to.deep.equal([
      'base64',
      'base64',
      'base64',
      'base64',
      'quoted-printable',
      'uuencode',
      'identity',
      'identity',
      'identity',
      'identity',
    ]);
  });

  const base64: [string, string, string][] = [
    ['lines', 'SGVs\r\nbG8=\r\n', 'Hello'],
    ['no padding', 'SGVsbG8', 'Hello'],
    ['junk between', 'SG\0Vs b!G8=', 'Hello'],
    ['padded chunks', 'SGVsbG8=\r\nSGVsbG8=\r\n', 'HelloHello'],
    ['a list footer', 'SGVsbG8=\r\n\r\n_______________\r\nlist mailing list\r\n', 'Hello'],
    ['what only base64url has is junk', 'SGVs-bG_8=', 'Hello'],
    ['empty', '', ''],
  ];
  for (const [name, body, expected] of base64)
    it(`base64: ${name}`, () => expect(decoded(body, 'base64')).to.equal(expected));

  it('quoted-printable keeps what is no code', () =>
    expect(decoded('a=3Db=zz= \r\nc = =4', 'quoted-printable')).to.equal('a=b=zzc = =4'));

  it('uuencode', () => expect(decoded('begin 644 a.txt\n#0V%T\n`\nend\n', 'uuencode')).to.equal('Cat'));

  const piece = fc.constantFrom(
    'SGVs',
    'bG8=',
    'QQ==',
    '=',
    '==',
    '\r\n',
    '\n',
    '\r',
    ' ',
    '\t',
    '_',
    '-',
    'é',
    '=C3',
    '=a',
    'text',
    '!',
    'begin 644 x\n',
    '#0V%T\n',
    'end\n',
  );
  const body = fc.array(piece, { maxLength: 50 }).map(pieces => Buffer.from(pieces.join(''), 'latin1'));

  for (const encoding of ENCODINGS) {
    it(`${encoding}: pieces give what the whole gives, and the size is exact`, () => {
      fc.assert(
        fc.property(body, fc.array(fc.nat(), { maxLength: 8 }), (bytes, cuts) => {
          const whole = decodeBody(bytes, encoding);
          expect(inPieces(bytes, encoding, cuts).toString('hex')).to.equal(whole.toString('hex'));
          expect(decodedSize(bytes, encoding)).to.equal(whole.length);
        }),
        { numRuns: 2000 },
      );
    });
  }

  it('base64 gives back every byte', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), bytes =>
        decodeBody(Buffer.from(Buffer.from(bytes).toString('base64').replace(/.{76}/g, '$&\r\n')), 'base64').equals(
          bytes,
        ),
      ),
    );
  });

  it('a line of megabytes in quoted-printable stays the same in pieces', () => {
    const bytes = Buffer.from(`${'x=C3=A4 '.repeat(400_000)}=`);
    expect(
      inPieces(bytes, 'quoted-printable', [1_000_000, 1_100_001, 2_200_002]).equals(
        decodeBody(bytes, 'quoted-printable'),
      ),
    ).to.equal(true);
  });
});
