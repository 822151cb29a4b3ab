import { Writable } from 'node:stream';
import { expect } from 'chai';
import { pino } from 'pino';
import { startApp, TOKENS } from './support.ts';

describe('the request log', () => {
  it('names route and status, and neither address, token nor cookie', async () => {
    let text = '';
    const stream = new Writable({
      write: (chunk, _encoding, done) => {
        text += chunk;
        done();
      },
    });
    const app = await startApp({ log: pino({ level: 'trace' }, stream) });
    const cookie = 'talteen_session=a-session-of-somebody';
    await app.send('GET', 'contacts?q=korpela', { token: TOKENS.agent });
    await app.send('GET', 'contacts/korpela-123', { cookie });
    await app.close();
    const lines = text
      .trim()
      .split('\n')
      .map(line => JSON.parse(line));
    expect(lines.map(({ status }) => status)).to.include.members([200, 401]);
    expect(lines.map(({ method }) => method)).to.include('GET');
    for (const secret of [TOKENS.agent, 'a-session-of-somebody', 'korpela']) expect(text).to.not.include(secret);
  });
});
