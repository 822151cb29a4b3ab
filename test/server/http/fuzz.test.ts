import { expect } from 'chai';
import fc from 'fast-check';
import { allCalls } from '../../../server/http/calls.ts';
import { startApp, type TestApp } from './support.ts';

const word = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(
    '',
    '0',
    '-1',
    '1e9',
    'NaN',
    'null',
    '$where',
    '__proto__',
    'true',
    '2026-02-30',
    '9999-12-31T23:59:59Z',
    '\u0000',
  ),
  fc.jsonValue().map(value => Buffer.from(JSON.stringify(value)).toString('base64url')),
);
const names = fc.constantFrom(
  'limit',
  'before',
  'q',
  'channel',
  'direction',
  'files',
  'from',
  'to',
  'account',
  'state',
  'sha256',
  'contact',
  'who',
  'review',
);
const query = fc.array(fc.tuple(names, word), { maxLength: 4 });
const key = fc.constantFrom(
  'name',
  'first',
  'identifiers',
  'type',
  'value',
  'organisation',
  'relationship',
  'startedAt',
  'externalId',
  'config',
  'connector',
  'host',
  'role',
  'email',
  'accounts',
  'contact',
  '__proto__',
  '$gt',
  'constructor',
);
const json = fc.letrec(tie => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.jsonValue({ maxDepth: 1 }),
    word,
    fc.date({ noInvalidDate: true }).map(date => date.toISOString()),
    fc.array(tie('value'), { maxLength: 3 }),
    tie('object'),
  ),
  object: fc.dictionary(key, tie('value'), { maxKeys: 5 }),
}));
const body = fc.oneof(
  json.object.map(value => JSON.stringify(value)),
  json.value.map(value => JSON.stringify(value) ?? ''),
  fc.string({ maxLength: 50 }),
);

describe('http: whatever is sent', () => {
  let app: TestApp;
  before(async () => {
    app = await startApp();
  });
  after(() => app.close());

  it('is answered, never with 500, and a problem says why', async () => {
    const calls = allCalls(app).filter(({ path }) => !path.endsWith('/test'));
    const request = fc.record({
      call: fc.constantFrom(...calls),
      ids: fc.array(word, { minLength: 2, maxLength: 2 }),
      query,
      body,
      type: fc.constantFrom('application/json', 'multipart/form-data; boundary=x', 'text/plain'),
    });
    await fc.assert(
      fc.asyncProperty(request, async ({ call, ids, query: pairs, body: text, type }) => {
        const used = [...ids];
        const path = call.path
          .slice(1)
          .replace(/\{\w+\}/g, () => encodeURIComponent((used.pop() ?? '').toString().replace(/\p{Cs}/gu, '')) || 'x');
        const search = new URLSearchParams(pairs).toString();
        const sent = call.method === 'get' ? {} : { body: text, headers: { 'content-type': type } };
        const { status, headers, body: answer } = await app.as(call.method.toUpperCase(), `${path}?${search}`, sent);
        expect(status, `${call.method} ${path}?${search} ${text}`).to.be.lessThan(500);
        if (status >= 400) {
          expect(headers.get('content-type')).to.match(/problem\+json/);
          expect(answer.status).to.equal(status);
        }
        if (status === 400 || status === 422) expect(answer.detail ?? answer.errors).to.not.equal(undefined);
      }),
      { numRuns: 300 },
    );
  });
});
