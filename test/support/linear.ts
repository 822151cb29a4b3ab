import { expect } from 'chai';

const TIMES = 16;
/** Below this a measurement is all noise. */
const LEAST = 1;

/** CPU time in milliseconds, the least of three: what others do on the machine doesn't count. */
const cost = (run: () => void): number => {
  const once = (): number => {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
  return Math.min(once(), once(), once());
};

/** Sixteen times as much may take sixteen times as long, four times that with all else that goes on; not its square. */
export const expectLinear = (make: (size: number) => string, run: (text: string) => void, size = 4000): void => {
  const [small, large] = [make(size), make(size * TIMES)];
  run(small);
  const least = Math.max(
    LEAST,
    cost(() => run(small)),
  );
  expect(cost(() => run(large)) / least, `${size} and ${TIMES} times as much`).to.be.below(TIMES * 4);
};
