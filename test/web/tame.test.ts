import { expect } from 'chai';
import { decoded, settling, tamed } from '../../web/message/tame.ts';

describe('what is tamed of a mail', () => {
  it('names its images, also where the address is badly encoded', () => {
    expect(decoded('logo%40x.example')).to.equal('logo@x.example');
    expect(decoded('50%off@x.example')).to.equal('50%off@x.example');
  });

  it('has no length by the height of its window', () => {
    expect(tamed('min-height:100vh')).to.equal('min-height:600px');
    expect(tamed('height: calc(100dvh - .5svh)')).to.equal('height: calc(600px - 3px)');
    expect(tamed('width:50VMIN;height:10vmax;block-size:1vb')).to.equal('width:300px;height:60px;block-size:6px');
    expect(tamed('width:100vw;color:#100eee;font:12px Cvhelv')).to.equal('width:100vw;color:#100eee;font:12px Cvhelv');
  });

  it('is read once, however long a number is in it', () => {
    const digits = '1'.repeat(200_000);
    expect(tamed(`width:${digits}px`)).to.equal(`width:${digits}px`);
    expect(tamed(`width:${'1.'.repeat(100_000)}px`).length).to.be.greaterThan(200_000);
    expect(tamed(`width:${'.1e'.repeat(60_000)}px`)).to.match(/px$/);
    expect(tamed('height:1e2vh')).to.equal('height:600px');
  });

  it('is not followed where it grows step by step without end', () => {
    const take = settling();
    const taken = Array.from({ length: 100 }, (_, n) => take(500 + n * 24)).filter(Boolean);
    expect(taken.length).to.be.lessThan(12);
    const images = settling();
    for (const height of [100, 400, 420, 420, 900, 880, 1300]) expect(images(height)).to.equal(true);
  });
});
