import { appendFile, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { piecesIn } from '../../../../connectors/email/files/index.ts';
import type { Place, PlacedPiece } from '../../../../connectors/email/files/pieces.ts';
import { type Bench, FROM_LINE, mail, makeBench, mbox } from './support.ts';

const placeOf = ({ file, end, version }: PlacedPiece): Place => ({ file, end, version });

/** What tells a piece from all others. */
const named = (piece: PlacedPiece): string =>
  'failed' in piece ? piece.failed.locator : `${piece.folder} ${piece.uid}+${piece.size}`;

/** Bodies that mislead a search for From_ lines; every mail but the last knows its length. */
const mboxcl = (mails: readonly string[]): string =>
  mails
    .map(each => {
      const body = `${each.slice(each.indexOf('\n\n') + 2)}\n${FROM_LINE}From: nobody\n`;
      return `${FROM_LINE}Content-Length: ${body.length}\n${each.slice(0, each.indexOf('\n\n') + 2)}${body}\n`;
    })
    .join('');

describe('imports that were broken off', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await makeBench();
  });
  afterEach(() => bench.remove());

  const read = async (from: Place | null, path = bench.dir) => {
    const pieces: PlacedPiece[] = [];
    for await (const piece of piecesIn({ name: 'given', path }, bench.account, from)) pieces.push(piece);
    return pieces;
  };

  const mails = [1, 2, 3].map(n => mail(n));
  const files: Record<string, string | Uint8Array> = {
    'a.mbox': mbox(mails),
    'crlf.mbox': mbox(mails).replaceAll('\n', '\r\n'),
    'tight.mbox': mails.map(each => FROM_LINE + each).join(''),
    'empty.mbox': `${FROM_LINE}\n${FROM_LINE}\n${FROM_LINE}${mail(1)}`,
    'lengths.mbox': mboxcl(mails),
    'no-newline.mbox': mbox(mails).trimEnd(),
    'several.eml': mbox(mails),
    'one.eml': FROM_LINE + mail(1),
    'packed.mbox.gz': gzipSync(mbox(mails)),
    'damaged.mbox.gz': gzipSync(mbox(mails.map(each => each.repeat(40)))).subarray(0, -12),
    'kuva.png': '\x89PNG\r\n',
  };

  for (const [name, bytes] of Object.entries(files))
    it(`go on behind each mail of ${name}`, async () => {
      await bench.write(name, bytes);
      const all = await read(null);
      expect(all).to.not.have.lengthOf(0);
      for (const [n, piece] of all.entries())
        expect((await read(placeOf(piece))).map(named), `${n}`).to.deep.equal(all.slice(n + 1).map(named));
    });

  it('go on behind each file of a directory, and of a Maildir', async () => {
    for (const [name, bytes] of Object.entries(files)) await bench.write(`files/${name}`, bytes);
    for (const n of [1, 2, 3]) await bench.write(`maildir/cur/${n}.a:2,S`, n === 2 ? '' : mail(n));
    await bench.write('maildir/.Sent/new/4.a', mail(4));
    const all = await read(null);
    for (const [n, piece] of all.entries())
      expect((await read(placeOf(piece))).map(named), named(piece)).to.deep.equal(all.slice(n + 1).map(named));
  });

  it('know a mail of a Maildir whose flags changed', async () => {
    for (const n of [1, 2, 3]) await bench.write(`cur/${n}.a`, mail(n));
    const [, second] = await read(null);
    await rename(join(bench.dir, 'cur/2.a'), join(bench.dir, 'cur/2.a:2,S'));
    expect((await read(placeOf(second as PlacedPiece))).map(named))
      .to.match(/INBOX\/3\.a/)
      .and.have.lengthOf(1);
  });

  it('lose nothing of files of one name', async () => {
    await bench.write('cur/1.a', mail('longer than the other'));
    await bench.write('new/1.a', mail(1));
    const all = await read(null);
    expect(all).to.have.lengthOf(2);
    expect(await read(placeOf(all[0] as PlacedPiece))).to.have.lengthOf(1);
  });

  it('read a file again that is another now, and all when the file is gone', async () => {
    const path = await bench.write('a.mbox', mbox(mails));
    await bench.write('b.mbox', mbox(mails));
    const all = await read(null);
    const [first] = all.map(placeOf);
    await appendFile(path, mbox([mail(4)]));
    expect(await read(first ?? null)).to.have.lengthOf(7);
    await unlink(path);
    expect(await read(first ?? null)).to.have.lengthOf(3);
  });
});
