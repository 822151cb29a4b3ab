import { expect } from 'chai';
import { stopAsked } from '../../../server/cli/start.ts';

describe('cli: start', () => {
  it('is asked to stop by the first signal, and left to finish by the next', async () => {
    const signals = ['SIGTERM', 'SIGINT'] as const;
    const before = new Map(signals.map(signal => [signal, process.listeners(signal)]));
    const asked = stopAsked(false, new AbortController().signal);
    const added = (signal: NodeJS.Signals) =>
      process.listeners(signal).filter(one => !before.get(signal as 'SIGTERM')?.includes(one));
    for (const listener of added('SIGTERM')) listener('SIGTERM');
    await asked;
    // without one the system's own way of taking a signal is to kill
    for (const signal of signals) {
      expect(added(signal), signal).to.have.length(1);
      for (const listener of added(signal)) process.off(signal, listener);
    }
  });
});
