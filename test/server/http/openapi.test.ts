import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { expect } from 'chai';
import { allCalls } from '../../../server/http/calls.ts';
import { batchOf, mailItem } from '../../support/capture.ts';
import { mail, startApp, type TestApp } from './support.ts';

interface Operation {
  operationId: string;
  parameters?: { name: string; in: string; required: boolean }[];
  responses: Record<string, { description: string; content?: object }>;
}

describe('http: the document', () => {
  let app: TestApp;
  before(async () => {
    app = await startApp();
  });
  after(() => app.close());

  it('describes every call, and no other', async () => {
    const { body } = await app.send('GET', 'openapi.json');
    expect(body.openapi).to.equal('3.1.0');
    const described = Object.entries(body.paths as Record<string, object>).flatMap(([path, methods]) =>
      Object.keys(methods).map(method => `${method} ${path}`),
    );
    expect(described).to.have.members(allCalls(app).map(({ method, path }) => `${method} ${path}`));
    for (const call of described) {
      const [method, path] = call.split(' ') as [string, string];
      const filled = path.slice(1).replace(/\{\w+\}/g, 'none');
      const { status, body: problem } = await app.send(method.toUpperCase(), filled);
      expect(status, call).to.be.oneOf([401, 415, 422]);
      expect(problem.detail, call).to.not.equal('There is no such call.');
    }
  });

  it('is valid OpenAPI 3.1', async () => {
    const { body } = await app.send('GET', 'openapi.json');
    const validator = new Validator();
    const { valid, errors } = await validator.validate(body);
    expect(valid, JSON.stringify(errors)).to.equal(true);
    expect(validator.version).to.equal('3.1');
  });

  it('is sound: references lead somewhere, parameters of paths are there, ids are unique', async () => {
    const { body } = await app.send('GET', 'openapi.json');
    const text = JSON.stringify(body);
    for (const [, name] of text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)) {
      expect(body.components.schemas, name).to.have.property(name as string);
    }
    const operations = Object.entries(body.paths as Record<string, Record<string, Operation>>).flatMap(
      ([path, methods]) => Object.values(methods).map(operation => ({ path, operation })),
    );
    for (const { path, operation } of operations) {
      const wanted = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const given = (operation.parameters ?? [])
        .filter(one => one.in === 'path' && one.required)
        .map(({ name }) => name);
      expect(given, path).to.have.members(wanted);
      for (const { description } of Object.values(operation.responses)) expect(description).to.not.equal('');
    }
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).to.equal(ids.length);
  });

  it('tells the truth: what is answered fits the schema it names', async () => {
    await app.hub.take([batchOf([mailItem(1), mailItem(2, { parties: [], unlinkedReason: 'internal' })])], {
      account: 'a',
      connector: mail,
    });
    const account = await app.as('POST', 'accounts', {
      json: { connector: 'email', name: 'A', config: { host: 'h', user: 'u@x.example', password: 'p' } },
    });
    await app.as('POST', 'organisations', { json: { name: 'O', domains: ['o.example'] } });
    await app.as('POST', 'users', { json: { email: 'u@x.example', role: 'agent' } });
    const contact = (await app.as('GET', 'contacts')).body.items[0].id;
    const item = (await app.as('GET', 'interactions')).body.items[0].id;
    const booking = { name: 'booking', data: { hall: 2 } };
    const event = mailItem(3, { keyScope: 'account', kind: 'event', event: booking, sighting: undefined as never });
    await app.hub.take([batchOf([event], { next: {} })], { account: 'a', connector: mail });
    const real: Record<string, string> = {
      '/register-events/{id}': (await app.models.registerEvents.findOne().lean())?._id ?? '',
      '/contacts/{id}': contact,
      '/interactions/{id}': item,
      '/accounts/{id}': account.body.id,
    };
    let checked = 0;
    for (const { method, path, answers } of allCalls(app)) {
      const schema = answers[200]?.schema;
      if (method !== 'get' || !schema || /\{n\}|imports\/\{|organisations\/\{/.test(path)) continue;
      const id = Object.entries(real).find(([start]) => path.startsWith(start))?.[1];
      const { status, body } = await app.as('GET', path.slice(1).replace(/\{\w+\}/g, id ?? 'none'));
      expect(status, path).to.equal(200);
      const result = schema.safeParse(body);
      expect(result.success, `${path}: ${result.error?.message}`).to.equal(true);
      checked++;
    }
    expect(checked).to.be.greaterThan(15);
  });

  it('says what a posted item is answered with, and that a file has its own type', async () => {
    const { paths } = (await app.send('GET', 'openapi.json')).body;
    const { responses } = paths['/accounts/{id}/items'].post;
    const schemaOf = (status: number) =>
      Object.values(responses[status].content as Record<string, { schema: object }>)[0]?.schema;
    expect(schemaOf(200)).to.eql({ $ref: '#/components/schemas/PostedItem' });
    expect(schemaOf(207)).to.eql({ $ref: '#/components/schemas/PostedItems' });
    for (const status of [400, 413, 422]) expect(schemaOf(status)).to.eql({ $ref: '#/components/schemas/Problem' });
    expect(Object.keys(paths['/interactions/{id}/raw'].get.responses[200].content)).to.eql(['*/*']);
    expect(paths['/contacts/{id}'].get.responses).to.have.property('400');
  });

  it('can be read as a page without a script, under the strict policy', async () => {
    const page = await app.send('GET', 'docs');
    const html = page.bytes.toString();
    expect(page.headers.get('content-type')).to.match(/^text\/html/);
    expect(html).to.include('/contacts/{id}/timeline').and.include('RetentionTag');
    expect(html).to.not.match(/<script|style=|https?:\/\//);
    expect((await app.send('GET', 'docs/style.css')).headers.get('content-type')).to.match(/^text\/css/);
  });
});

describe('http: the page', () => {
  let app: TestApp;
  let webRoot: string;
  before(async () => {
    webRoot = await mkdtemp(join(tmpdir(), 'talteen-web-'));
    await mkdir(join(webRoot, 'assets'));
    await writeFile(join(webRoot, 'index.html'), '<!doctype html><title>page</title>');
    await writeFile(join(webRoot, 'mail-frame.html'), '<!doctype html>');
    await writeFile(join(webRoot, 'mail-frame-images.html'), '<!doctype html>');
    await writeFile(join(webRoot, 'assets', 'index-Abc123_-.js'), '1');
    app = await startApp({ webRoot });
  });
  after(async () => {
    await app.close();
    await rm(webRoot, { recursive: true });
  });
  const get = (path: string, accept = 'text/html') => app.send('GET', path, { headers: { accept } });

  it('is served at every address that is a view, and nowhere else', async () => {
    for (const path of ['/', '/contacts', '/contacts/abc?channel=email', '/admin/users']) {
      const { status, headers, bytes } = await get(path);
      expect(status, path).to.equal(200);
      expect(bytes.toString()).to.include('page');
      expect(headers.get('cache-control')).to.equal('no-cache');
      expect(headers.get('content-security-policy')).to.include("frame-ancestors 'none'").and.not.include('unsafe');
    }
    for (const path of ['/assets/none.js', '/api/none', '/favicon.ico', '/webhooks'])
      expect((await get(path)).status, path).to.equal(404);
    expect((await get('/contacts', 'application/json')).status).to.equal(404);
    expect((await get('/..%2f..%2fetc%2fpasswd', '*/*')).status).to.be.oneOf([400, 403, 404]);
  });

  it('keeps hashed files for ever', async () => {
    expect((await get('/assets/index-Abc123_-.js', '*/*')).headers.get('cache-control')).to.equal(
      'public, max-age=31536000, immutable',
    );
  });

  it("lets a mail's frame be framed by us, style itself, and fetch nothing (pictures only in the second)", async () => {
    const plain = (await get('/mail-frame.html')).headers;
    expect(plain.get('x-frame-options')).to.equal('SAMEORIGIN');
    const policyOf = (host: string) =>
      `default-src 'none'; style-src 'unsafe-inline'; font-src ${host}/assets/; img-src data:; form-action 'none'; frame-ancestors 'self'`;
    expect(plain.get('content-security-policy')).to.equal(policyOf(new URL(app.base).host));
    expect((await get('/mail-frame-images.html')).headers.get('content-security-policy')).to.include(
      'img-src data: https:',
    );
  });
});
