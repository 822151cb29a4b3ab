import { expect } from 'chai';
import { type Fault, upload } from '../../web/api/client.ts';
import { t } from '../../web/i18n/index.ts';

type Ending = 'onload' | 'onerror' | 'onabort' | 'ontimeout';

describe('an upload of the page', () => {
  const { XMLHttpRequest } = globalThis;
  after(() => Object.assign(globalThis, { XMLHttpRequest }));

  /** What an upload comes to whose request ends so. */
  const ending = (how: Ending, status = 0, responseText = ''): Promise<unknown> => {
    class Request {
      [name: string]: unknown;
      status = status;
      responseText = responseText;
      upload = {};
      open() {}
      setRequestHeader() {}
      send() {
        queueMicrotask(() => (this[how] as () => void)?.());
      }
    }
    Object.assign(globalThis, { XMLHttpRequest: Request });
    return upload('/imports', new FormData(), () => undefined).catch((fault: Fault) => [fault.status, fault.message]);
  };

  it('settles however its request ends', async () => {
    expect(await ending('onload', 202, '{"id":"1"}')).to.deep.equal({ id: '1' });
    expect(await ending('onload', 503, '{"title":"Away","status":503}')).to.deep.equal([503, 'Away']);
    expect(await ending('onload', 200, '<html>')).to.deep.equal([200, t.problem.unexpected]);
    expect(await ending('onload', 401, '')).to.deep.equal([401, t.problem.ended]);
    for (const how of ['onerror', 'onabort', 'ontimeout'] as const)
      expect(await ending(how)).to.deep.equal([0, t.problem.offline]);
  });
});
