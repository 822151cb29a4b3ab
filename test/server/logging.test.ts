import { expect } from 'chai';
import { disclosing, makeLog } from '../../server/logging.ts';

const linesOf = () => {
  const lines: Record<string, unknown>[] = [];
  return { lines, to: { write: (line: string) => void lines.push(JSON.parse(line)) } };
};

describe('logging', () => {
  const secret = { email: 'admin@localhost', password: 'made-just-now', user: { token: 'tlt_x' } };

  it('says no personal data and no secret, whoever logs them', () => {
    const { lines, to } = linesOf();
    makeLog('info', to).info(secret, 'something');
    expect(lines).to.have.length(1);
    expect(lines[0]).to.deep.include({
      email: '[redacted]',
      password: '[redacted]',
      user: { token: '[redacted]' },
      msg: 'something',
    });
  });

  for (const level of ['info', 'error', 'silent'])
    it(`discloses what has to be shown, as a line like any other (${level})`, () => {
      const { lines, to } = linesOf();
      const log = makeLog(level, to);
      disclosing(log).info(secret, 'the first administrator');
      expect(lines).to.have.length(1);
      expect(lines[0]).to.deep.include({ level: 30, ...secret, msg: 'the first administrator' });
      expect(Date.parse(String(lines[0]?.time))).to.be.closeTo(Date.now(), 5000);
      expect(log.level).to.equal(level);
    });
});
