import { closeAll } from './closers.ts';
import { beginRun, endRun } from './mongod.ts';

/** Mocha's root hooks: whatever the tests of a file started and left running is closed, so that the run ends by itself. */
export const mochaHooks = {
  async afterAll() {
    await closeAll();
  },
};

export const mochaGlobalSetup = beginRun;
export const mochaGlobalTeardown = endRun;
