import { appendFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { Api } from '../../faults/api.ts';
import { type DataDir, makeDataDir } from '../../faults/data-dir.ts';
import { type Hub, startHub } from '../../faults/hub.ts';
import { runProgram } from '../../faults/program.ts';
import { until } from '../../faults/until.ts';
import { eighteen, twentyOne, wave } from './lines.ts';

interface Counts {
  read: number;
  stored: number;
  duplicate: number;
  quarantined: number;
}

interface Interaction {
  id: string;
  externalId: string | null;
  direction: string;
  occurredAt: string;
  participants: { role: string; identifier: { value: string }; contact: string | null }[];
  parts: { n: number; name: string; type: string; size: number }[];
  call: { durationSeconds: number; talkSeconds: number; answered: boolean; legs: { externalId: string }[] };
  recordings: { part: number; durationSeconds: number; channels: number }[];
}

interface Page<T> {
  items: T[];
}

const CONFIG = {
  dialect: 'asterisk',
  timezone: 'Europe/Helsinki',
  defaultCountry: 'FI',
  ownNumbers: ['+358931570000'],
  username: 'switch',
  password: 'secret of the switch',
};

describe('calllog, from outside', function () {
  this.timeout(120_000);
  let data: DataDir;
  let hub: Hub;
  let api: Api;
  let address: string;
  let folder: string;
  before(async () => {
    data = await makeDataDir();
    hub = await startHub({ dataDir: data.path });
    api = await hub.api();
    address = await hub.ready;
    folder = await mkdtemp(join(tmpdir(), 'talteen-calllog-'));
  });
  after(async () => {
    await hub?.stop();
    await data?.remove();
    await rm(folder, { recursive: true, force: true });
  });

  let made = 0;
  const newAccount = (over: object = {}): Promise<{ id: string; webhooks: { name: string; url: string }[] }> =>
    api.send('POST', '/accounts', { connector: 'calllog', name: `Switch ${++made}`, config: { ...CONFIG, ...over } });

  const upload = async (account: string, ...files: [name: string, bytes: string | Uint8Array][]): Promise<Counts> => {
    const form = new FormData();
    for (const [name, bytes] of files) form.append('file', new File([bytes as never], name));
    form.append('account', account);
    const { id } = await api.upload<{ id: string }>('/imports', form);
    let done: { state: string; error: string | null; counts: Counts } | undefined;
    await until('the import', async () => {
      done = await api.get(`/imports/${id}`);
      return done?.state !== 'running';
    });
    expect(done?.state, done?.error ?? '').to.equal('done');
    return done?.counts as Counts;
  };

  const callsOf = async (account: string): Promise<Interaction[]> => {
    const { items } = await api.get<Page<{ id: string }>>(`/interactions?account=${account}&channel=call&limit=200`);
    const whole = await Promise.all(items.map(({ id }) => api.get<Interaction>(`/interactions/${id}`)));
    return whole.sort((a, b) => (a.occurredAt < b.occurredAt ? -1 : 1));
  };

  const untilCalls = (account: string, count: number) =>
    until(`${count} calls`, async () => (await callsOf(account)).length === count, 30_000, 100);

  const post = (
    url: string,
    body: string,
    headers: Record<string, string> = {},
    credentials = 'switch:secret of the switch',
  ) =>
    fetch(url, {
      method: 'POST',
      body,
      headers: { authorization: `Basic ${Buffer.from(credentials).toString('base64')}`, ...headers },
    });

  it('a log with its recordings: one interaction a call, the sound with it, and nothing twice', async () => {
    const { id } = await newAccount();
    const log = [
      twentyOne({}, '1795161600.1', '1795161600.1', 1),
      'not a record',
      twentyOne(
        {
          to: '200',
          start: '2026-11-20 10:01:00',
          end: '2026-11-20 10:02:00',
          answer: '2026-11-20 10:01:00',
          billsec: 60,
        },
        '1795161600.1',
        '1795161600.1',
        2,
      ),
      twentyOne(
        {
          from: '100',
          clid: '100',
          to: '0407654321',
          start: '2026-11-20 11:00:00',
          end: '2026-11-20 11:01:00',
          answer: '',
          billsec: 0,
          disposition: 'NO ANSWER',
        },
        '1795165200.9',
        '1795165200.9',
        3,
        'out-call.wav',
      ),
    ].join('\n');
    const files: [string, string | Uint8Array][] = [
      ['q-support-1795161600.1.wav', wave(3, 2)],
      ['Master.csv', log],
      ['out-call.wav', wave(1)],
    ];
    expect(await upload(id, ...files)).to.deep.equal({ read: 6, stored: 5, duplicate: 0, quarantined: 1 });
    const [inbound, outbound, ...more] = await callsOf(id);
    expect(more).to.deep.equal([]);
    expect(inbound).to.deep.include({
      externalId: '1795161600.1',
      direction: 'inbound',
      occurredAt: '2026-11-20T08:00:00.000Z',
    });
    expect(inbound?.call).to.deep.include({ durationSeconds: 120, talkSeconds: 115, answered: true });
    expect(inbound?.call.legs).to.have.length(2);
    expect(inbound?.recordings).to.have.length(1);
    expect(inbound?.recordings[0]).to.deep.include({ part: 1, durationSeconds: 3, channels: 2 });
    expect(inbound?.parts[0]).to.deep.include({ n: 1, name: 'q-support-1795161600.1.wav', type: 'audio/wav' });
    expect((await api.bytes(`/interactions/${inbound?.id}/parts/1`)).equals(wave(3, 2))).to.equal(true);
    expect(outbound).to.deep.include({ direction: 'outbound' });
    expect(outbound?.call.answered).to.equal(false);
    expect(outbound?.recordings).to.have.length(1);
    const contact = inbound?.participants.find(({ role }) => role === 'from')?.contact;
    const timeline = await api.get<Page<{ interaction: string; preview: string }>>(`/contacts/${contact}/timeline`);
    expect(timeline.items.map(({ interaction, preview }) => [interaction, preview])).to.deep.include([
      inbound?.id,
      'Answered, 1:55',
    ]);
    const again = await upload(id, ...files);
    expect(again).to.deep.equal({ read: 6, stored: 0, duplicate: 6, quarantined: 0 });
    expect(await callsOf(id)).to.have.length(2);
    const rows = await api.get<Page<{ id: string; reason: string }>>(`/quarantine?account=${id}`);
    expect(rows.items).to.have.length(1);
    expect((await api.bytes(`/quarantine/${rows.items[0]?.id}/raw`)).toString()).to.equal('not a record');
  });

  it('FreeSWITCH posts: JSON, XML, url-encoded and base64, each call once; what is forged is refused', async () => {
    const { id, webhooks } = await newAccount({ dialect: 'freeswitch' });
    const url = webhooks.find(({ name }) => name === 'cdr')?.url ?? '';
    const target = `${address}${new URL(url).pathname}`;
    const json = (uuid: string, from = '0401234567', over: object = {}) =>
      JSON.stringify({
        variables: {
          uuid,
          start_epoch: '1795161600',
          answer_epoch: '1795161605',
          end_epoch: '1795161660',
          duration: '60',
          billsec: '55',
          hangup_cause: 'NORMAL_CLEARING',
          start_stamp: '2026-11-20%2010%3A00%3A00',
          ...over,
        },
        callflow: [
          {
            profile_index: '1',
            caller_profile: { caller_id_name: 'P%C3%A4ivi', caller_id_number: from, destination_number: '0931570000' },
          },
        ],
      });
    const xml = (uuid: string) =>
      `<?xml version="1.0"?>\n<cdr core-uuid="c"><variables><uuid>${uuid}</uuid><call_uuid>aaaaaaaa-0000-4000-8000-000000000001</call_uuid><start_epoch>1795161605</start_epoch><answer_epoch>1795161610</answer_epoch><end_epoch>1795161655</end_epoch><duration>50</duration><billsec>45</billsec></variables><callflow dialplan="XML" profile_index="1"><caller_profile><caller_id_number>%2B358401234567</caller_id_number><destination_number>100</destination_number></caller_profile></callflow></cdr>`;
    const one = 'aaaaaaaa-0000-4000-8000-000000000001';
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await post(`${target}?uuid=a_${one}`, json(one), { 'content-type': 'application/json' })).status).to.equal(
      200,
    );
    expect((await post(target, `cdr=${encodeURIComponent(json(one))}`, form)).status).to.equal(200);
    expect(
      (
        await post(target, `cdr=${Buffer.from(json(one)).toString('base64')}`, {
          'content-type': 'application/x-www-form-base64-encoded',
        })
      ).status,
    ).to.equal(200);
    expect(
      (await post(target, xml('aaaaaaaa-0000-4000-8000-000000000002'), { 'content-type': 'text/xml' })).status,
    ).to.equal(200);
    expect(
      (await post(target, `cdr=${encodeURIComponent(xml('aaaaaaaa-0000-4000-8000-000000000002'))}`, form)).status,
    ).to.equal(200);
    await untilCalls(id, 1);
    await until('both legs', async () => (await callsOf(id))[0]?.call.legs.length === 2, 20_000, 100);
    const [call] = await callsOf(id);
    expect(call).to.deep.include({ externalId: one, direction: 'inbound' });
    expect(call?.call).to.deep.include({ durationSeconds: 60, talkSeconds: 100, answered: true });
    expect((await post(target, json('b'), {}, 'switch:wrong')).status).to.equal(403);
    expect((await fetch(target, { method: 'POST', body: json('b') })).status).to.equal(401);
    expect((await post(target, json('', '1'))).status).to.equal(422);
    expect((await post(target, 'no record at all')).status).to.equal(202);
    await until(
      'the quarantine',
      async () => (await api.get<Page<object>>(`/quarantine?account=${id}`)).items.length === 1,
    );
    await sleep(500);
    expect(await callsOf(id)).to.have.length(1);
  });

  it('a watched folder: a log that grows, is rotated, and whose last line is not finished yet', async () => {
    const watched = await mkdtemp(join(folder, 'watched-'));
    const master = join(watched, 'Master.csv');
    const call = (n: number) =>
      twentyOne(
        { start: `2026-11-20 10:${10 + n}:00`, end: `2026-11-20 10:${11 + n}:00` },
        `1795161600.${n}`,
        `1795161600.${n}`,
        n,
      );
    await writeFile(master, `${call(1)}\n${call(2).slice(0, 40)}`);
    const { id } = await newAccount({ directory: watched });
    await untilCalls(id, 1);
    await appendFile(master, `${call(2).slice(40)}\n${call(3)}\n`);
    await untilCalls(id, 3);
    await appendFile(master, `${call(4)}\n`);
    await rename(master, `${master}.1`);
    await writeFile(master, `${call(5)}\n`);
    await untilCalls(id, 5);
    await writeFile(join(watched, '1795161600.3.wav'), wave(2));
    await until(
      'its recording',
      async () => (await callsOf(id)).some(({ recordings }) => recordings.length === 1),
      30_000,
      200,
    );
    const { counts } = await api.get<{ counts: Counts }>(`/accounts/${id}`);
    expect(counts).to.deep.include({ stored: 6, duplicate: 0, quarantined: 0 });
  });

  it('the command line: a file, its recordings beside it, and a folder', async () => {
    const { name, id } = (await newAccount()) as unknown as { name: string; id: string };
    const own = await mkdtemp(join(folder, 'cli-'));
    await writeFile(join(own, 'Master.csv'), `${eighteen({}, '1795161600.1', '/var/spool/asterisk/monitor/a.wav')}\n`);
    await writeFile(join(own, 'a.wav'), wave(1));
    const run = async (path: string) => {
      const child = runProgram(['import', path, '--account', name], { dataDir: data.path });
      let said = '';
      child.stdout?.on('data', chunk => {
        said += chunk;
      });
      const code = await new Promise(resolve => child.once('exit', resolve));
      return [code, said.trim()];
    };
    expect(await run(join(own, 'Master.csv'))).to.deep.equal([0, '2 read: 2 stored, 0 already there, 0 in quarantine']);
    expect(await run(own)).to.deep.equal([0, '2 read: 0 stored, 2 already there, 0 in quarantine']);
    const [call] = await callsOf(id);
    expect(call?.recordings).to.have.length(1);
  });

  it('refuses settings that can not be, naming them', async () => {
    for (const [config, pointer] of [
      [{ dialect: 'sonus' }, '/config/dialect'],
      [{ dialect: 'csv', timezone: 'Europe/Nowhere' }, '/config/timezone'],
      [{ dialect: 'csv', encoding: 'klingon' }, '/config/encoding'],
      [{ dialect: 'csv', columns: { nothing: 'x' } }, '/config/columns/nothing'],
    ] as const) {
      const error = await api
        .send('POST', '/accounts', { connector: 'calllog', name: 'Wrong', config })
        .catch((caught: Error) => caught as Error);
      expect(String(error), pointer).to.include('422').and.include(pointer);
    }
  });
});
