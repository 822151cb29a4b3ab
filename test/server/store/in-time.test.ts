import { expect } from 'chai';
import { problemOf } from '../../../server/http/errors.ts';
import { inTime } from '../../../server/store/in-time.ts';

describe('what is to be known in time', () => {
  it('is, or nobody waits on: 503, so that it is sent again', async () => {
    expect(await inTime(Promise.resolve(1), 10_000)).to.equal(1);
    const late = await inTime(new Promise(() => undefined), 10).catch(error => error);
    expect(problemOf(late)).to.include({ status: 503 });
    const own = await inTime(Promise.reject(new Error('own')), 10_000).catch(error => error);
    expect(own.message).to.equal('own');
  });
});

describe('a fault of the machine', () => {
  it('is 503: whoever sends it again finds it mended', () => {
    for (const code of ['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE', 'EROFS', 'EIO']) {
      const problem = problemOf(Object.assign(new Error(code), { code, syscall: 'write' }));
      expect(problem, code).to.include({ status: 503 });
    }
    expect(problemOf(Object.assign(new Error('x'), { code: 'ENOENT', syscall: 'open' }))).to.equal(null);
  });
});
