import { expect } from 'chai';
import { needs } from '../support/needs.ts';
import { takeMongoAway } from './away.ts';
import { stopTheHolder } from './fencing.ts';
import { killAtRandom } from './kills.ts';
import { runTwoHubs } from './two-hubs.ts';
import { killDuringImport } from './upload.ts';

/** Of the random moments; FAULTS_SEED repeats a run. */
const seed = Number(process.env.FAULTS_SEED ?? Math.floor(Math.random() * 1e6));
const meanBytes = 9000;

describe(`faults (FAULTS_SEED=${seed})`, function () {
  this.timeout(240_000);
  before(function () {
    needs(this, 'dovecot');
  });

  it('kill -9 of the hub at 5 random moments, and of mongod at 1, leaves each mail there exactly once', async () => {
    expect(await killAtRandom({ mails: 600, hubKills: 5, mongodKills: 1, seed, meanBytes })).to.deep.equal([]);
  });

  it('two hubs that start at once on one empty data folder take in one mailbox exactly once, also when one is killed', async () => {
    expect(await runTwoHubs({ mails: 300, kills: 1, seed, meanBytes })).to.deep.equal([]);
  });

  it('a hub that was stopped for longer than its lease changes nothing when it goes on', async () => {
    expect(await stopTheHolder({ mails: 600, seed, meanBytes })).to.deep.equal([]);
  });

  it('an import goes on after the hub was killed amid it, and its counts are right', async () => {
    expect(await killDuringImport({ mails: 400, kills: 1, seed, meanBytes })).to.deep.equal([]);
  });

  it('answers 503 while MongoDB is away, and is back by itself', async () => {
    expect(await takeMongoAway()).to.deep.equal([]);
  });
});
