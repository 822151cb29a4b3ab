import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { z } from 'zod';
import type { ContractCase } from '../../connectors/common/contract-case.ts';
import { type Captured, type Connector, ConnectorError, type WebhookRequest } from '../../connectors/contract.ts';
import { makeConnectors } from '../../connectors/index.ts';
import { asNobody } from '../support/nobody.ts';
import { caseOf, importAll, keyOf, makeAccount, type Taken } from './account.ts';

const connectors = makeConnectors({
  fetchFor: () => () => Promise.reject(new Error('a test of the contract reaches nobody')),
  dataDir: '/nowhere',
  country: 'FI',
  zone: 'Europe/Helsinki',
});

const at = (object: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], object);

const freeze = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value) && !ArrayBuffer.isView(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) freeze(inner);
  }
  return value;
};

const readAll = async (open: () => NodeJS.ReadableStream): Promise<Buffer> => {
  const pieces: Buffer[] = [];
  for await (const piece of open()) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
};

/** What every item must be, whatever it is of. */
const expectSound = async (item: Captured, connector: Connector): Promise<void> => {
  expect(item.sourceKey, 'sourceKey').to.be.a('string').that.is.not.equal('');
  expect(item.kind).to.be.oneOf(['interaction', 'message', 'status', 'recording', 'event']);
  expect(item.channel, 'a channel is a plain word').to.match(/^[a-z][a-z0-9-]*$/);
  expect(item.direction).to.be.oneOf(['inbound', 'outbound', 'internal']);
  expect(Number.isNaN(item.occurredAt.getTime()), 'occurredAt is a time').to.equal(false);
  for (const index of [...(item.parties ?? []), ...(item.others ?? [])])
    expect(item.participants[index], 'parties and others are participants').to.not.equal(undefined);
  if ((item.parties ?? []).length + (item.others ?? []).length === 0 && item.belongsTo === undefined)
    expect(item.unlinkedReason, 'why nobody outside belongs to it').to.be.a('string').that.is.not.equal('');
  if (item.kind === 'status') expect(item.status, 'a status says its state').to.not.equal(undefined);
  if (item.kind === 'event') expect(item.event?.name).to.be.a('string');
  if (item.kind === 'message' || item.kind === 'status' || item.kind === 'recording')
    expect(item.belongsTo, `a ${item.kind} belongs to something`).to.be.a('string');
  if (item.details !== undefined && connector.detailsSchema && item.belongsTo === undefined)
    expect(connector.detailsSchema.safeParse(item.details).error?.message).to.equal(undefined);
  for (const part of item.parts) {
    const bytes = await readAll(() => part.open());
    expect(bytes.length, `size of ${part.name}`).to.equal(part.size);
    expect((await readAll(() => part.open())).equals(bytes), 'a part can be opened again').to.equal(true);
  }
  if (item.raw) expect(await readAll(() => item.raw?.open() as NodeJS.ReadableStream)).to.have.length(item.raw.size);
};

const expectFails = async (work: () => Promise<unknown>): Promise<void> => {
  const error = await work().then(
    () => null,
    caught => caught,
  );
  if (error) expect(error, `${error}`).to.be.instanceOf(ConnectorError);
};

const garbage = (seed: number, size: number): Buffer =>
  Buffer.from(Array.from({ length: size }, (_, n) => ((n + seed) * 7919 + ((n * seed) >> 3)) & 0xff));

for (const connector of connectors.values()) {
  describe(`the contract: ${connector.id}`, () => {
    let contractCase: ContractCase;
    let made: Awaited<ReturnType<typeof makeAccount>>;
    before(async () => {
      contractCase = await caseOf(connector);
    });
    beforeEach(async () => {
      made = await makeAccount(connector, contractCase);
    });
    afterEach(() => made.remove());

    const itemsOf = async (taken: Taken): Promise<Map<string, Captured>> => {
      const keys = new Map<string, Captured>();
      for (const item of taken.items) {
        await expectSound(item, connector);
        keys.set(keyOf(item), item);
        await item.dispose?.();
      }
      return keys;
    };

    it('says what it is, and its settings can be made a form of', () => {
      expect(connector.id).to.match(/^[a-z][a-z0-9-]*$/);
      expect(connector.label).to.be.a('string').that.is.not.equal('');
      expect(z.toJSONSchema(connector.configSchema, { io: 'input', unrepresentable: 'any' })).to.have.property(
        'type',
        'object',
      );
      expect(connector.configSchema.safeParse(contractCase.config).error?.message).to.equal(undefined);
      expect(Boolean(connector.webhooks?.length), 'webhooks come with receive').to.equal(
        connector.receive !== undefined,
      );
    });

    it('names as secrets only settings that there are, and logs none of them', async () => {
      for (const path of connector.secrets) {
        if (at(contractCase.config, path) === undefined) continue;
        const without = structuredClone(contractCase.config);
        const [last = '', ...above] = path.split('.').reverse();
        delete (at(without, above.reverse().join('.') || '') as Record<string, unknown> | undefined)?.[last];
        expect(connector.configSchema.safeParse(contractCase.config).success).to.equal(true);
      }
      for (const file of contractCase.files ?? []) await importAll(connector, made.account, await made.put(file));
      const secrets = connector.secrets
        .map(path => at(contractCase.config, path))
        .filter(one => typeof one === 'string');
      for (const secret of secrets) expect(JSON.stringify(made.logged)).to.not.include(secret);
    });

    it('brings something in: a pull, files, webhooks or a live channel', () => {
      const brings = [connector.pull, connector.importFile, connector.receive, connector.live];
      expect(brings.some(one => one !== undefined)).to.equal(true);
      if (connector.importFile) expect(contractCase.files, 'its fixtures have files').to.not.be.oneOf([undefined, []]);
      if (connector.receive)
        expect(contractCase.requests?.(), 'its fixtures have requests').to.not.be.oneOf([undefined, []]);
    });

    if (connector.importFile) {
      it('reads its files: sound items, what is said of them, and the same again the second time', async () => {
        for (const file of contractCase.files ?? []) {
          const put = await made.put(file);
          const first = await importAll(connector, made.account, put);
          const keys = await itemsOf(first);
          expect(keys.size, file.name).to.equal(file.items);
          expect(first.failed, file.name).to.have.length(file.failed ?? 0);
          const second = await importAll(connector, made.account, put);
          expect([...(await itemsOf(second)).keys()], file.name).to.deep.equal([...keys.keys()]);
          expect(second.failed.map(({ locator }) => locator)).to.deep.equal(first.failed.map(({ locator }) => locator));
        }
      });

      it('goes on behind any batch that was stored, and loses nothing', async () => {
        for (const file of contractCase.files ?? []) {
          const put = await made.put(file);
          const whole = await importAll(connector, made.account, put);
          const all = new Set((await itemsOf(whole)).keys());
          for (const index of whole.positions.keys()) {
            const before = await importAll(connector, made.account, put, { most: index + 1 });
            const from = structuredClone(before.positions.at(-1) ?? null);
            const after = await importAll(connector, made.account, put, { from });
            const both = new Set([...(await itemsOf(before)).keys(), ...(await itemsOf(after)).keys()]);
            expect(
              [...all].filter(key => !both.has(key)),
              `${file.name} after batch ${index + 1}`,
            ).to.deep.equal([]);
          }
        }
      });

      it('fails on files of others only in words', async () => {
        for (const [index, { name }] of (contractCase.files ?? []).entries())
          await expectFails(async () =>
            itemsOf(
              await importAll(
                connector,
                made.account,
                await made.put({ name: `bad-${name}`, bytes: garbage(index + 3, 20_000) }),
              ),
            ),
          );
      });

      const firstFile = () => {
        const [file] = contractCase.files ?? [];
        if (!file) throw new Error('its fixtures have no file');
        return file;
      };
      /** What is read of something by somebody to whom these files are closed. */
      const readClosed = async (name: string, closed: readonly string[]): Promise<Taken> => {
        for (const path of closed) await chmod(path, 0);
        await chmod(made.account.spool, 0o777);
        const path = join(made.account.spool, name);
        return asNobody(() => importAll(connector, made.account, { name, path }));
      };
      const unreadOf = ({ failed }: Taken) => failed.filter(({ reason }) => reason.includes('EACCES'));

      it('says of a file that can not be read that it is so', async () => {
        const { path } = await made.put({ ...firstFile(), name: 'closed' });
        const taken = await readClosed('closed', [path]);
        expect([taken.items, unreadOf(taken).length]).to.deep.equal([[], 1]);
      });

      it('reads what can be read of a folder, and says of the rest that it can not', async function () {
        if (!contractCase.folders) this.skip();
        const file = firstFile();
        const closed = join(made.account.spool, 'folder/closed');
        await mkdir(closed, { recursive: true });
        await made.put({ ...file, name: `folder/${file.name}` });
        const { path } = await made.put({ ...file, name: `folder/closed-${file.name}` });
        const taken = await readClosed('folder', [path, closed]);
        await chmod(closed, 0o700); // so that it can be removed
        expect((await itemsOf(taken)).size).to.equal(file.items);
        expect(unreadOf(taken)).to.have.length(2);
      });

      it('ends at a file that is gone', async () => {
        const gone = { name: 'gone', path: join(made.account.spool, 'gone') };
        const error = await importAll(connector, made.account, gone).catch(caught => caught);
        expect(error, `${error}`).to.be.instanceOf(ConnectorError).with.property('remedy', 'stop');
      });
    }

    const { receive } = connector;
    if (receive) {
      const requests = () => contractCase.requests?.() ?? [];
      const send = (request: WebhookRequest) => receive(made.account, request);

      it('takes its requests: sound items, and the same keys when one is repeated', async () => {
        for (const { request, items, failed = 0 } of requests()) {
          const first = await send(request);
          const taken = { ...first, positions: [] };
          const keys = await itemsOf(taken);
          expect(keys.size, request.path).to.equal(items);
          expect(first.failed, request.path).to.have.length(failed);
          const reply = typeof first.reply === 'function' ? first.reply(first.items.map(() => 'stored')) : first.reply;
          expect(reply.status, request.path).to.be.within(200, 299);
          const again = await itemsOf({ ...(await send(request)), positions: [] });
          expect([...again.keys()]).to.deep.equal([...keys.keys()]);
        }
      });

      it('stores nothing of what is forged: a changed body, no headers, no body', async () => {
        for (const { request } of requests()) {
          const changed = Buffer.from(request.body);
          const last = changed.length - 2;
          if (last >= 0) changed[last] = (changed[last] ?? 0) ^ 1;
          const forged: WebhookRequest[] = [
            { ...request, headers: {}, authenticated: false },
            { ...request, headers: {}, body: new Uint8Array(), authenticated: false },
            ...(request.authenticated || /basic/i.test(String(request.headers.authorization))
              ? []
              : [{ ...request, body: changed }]),
          ];
          for (const one of forged) {
            const stored = await send(one).then(
              ({ items, failed }) => items.length + failed.length,
              error => {
                expect(error, `${error}`).to.be.instanceOf(ConnectorError).with.property('remedy', 'reject');
                return 0;
              },
            );
            expect(stored, request.path).to.equal(0);
          }
        }
      });
    }

    if (connector.fold) {
      it('folds purely: nothing that it is given is changed, and the same gives the same', async () => {
        const given: Captured[] = [];
        for (const file of contractCase.files ?? [])
          if (connector.importFile)
            given.push(...(await importAll(connector, made.account, await made.put(file))).items);
        for (const { request } of contractCase.requests?.() ?? [])
          given.push(...((await receive?.(made.account, request))?.items ?? []));
        const added = given.filter(({ belongsTo, kind }) => belongsTo !== undefined && kind !== 'message');
        let details: unknown;
        for (const { parts: _, raw: __, dispose: ___, ...item } of added) {
          freeze(item);
          freeze(details);
          const folded = connector.fold?.(details, item, 1);
          expect(connector.fold?.(details, item, 1)).to.deep.equal(folded);
          details = folded?.details;
          if (details !== undefined)
            expect(connector.detailsSchema?.safeParse(details).error?.message).to.equal(undefined);
        }
      });
    }
  });
}
