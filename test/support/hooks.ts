import { closeAll } from './closers.ts';

/** Mocha's root hooks: whatever a test started and left running is closed, so that the run ends by itself. */
export const mochaHooks = {
  async afterAll() {
    await closeAll();
  },
};
