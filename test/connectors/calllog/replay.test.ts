import { expect } from 'chai';
import { type DataDir, makeDataDir } from '../../faults/data-dir.ts';
import { type Hub, startHub } from '../../faults/hub.ts';
import { until } from '../../faults/until.ts';
import { ASTERISK } from './support.ts';

interface Page<T> {
  items: T[];
}

describe('calllog: replay from quarantine', function () {
  this.timeout(120_000);
  let data: DataDir;
  let hub: Hub;
  before(async () => {
    data = await makeDataDir();
    hub = await startHub({ dataDir: data.path });
  });
  after(async () => {
    await hub?.stop();
    await data?.remove();
  });

  it('a line of a CSV log is a call once its columns are named right, without its file, or with it', async () => {
    const api = await hub.api();
    const columns = { id: 'Tunnus', startedAt: 'Hetki', from: 'Soittaja', to: 'Vastaanottaja' };
    const config = { ...ASTERISK, dialect: 'csv', columns };
    const { id } = await api.send<{ id: string }>('POST', '/accounts', { connector: 'calllog', name: 'CSV', config });
    const upload = async (): Promise<object> => {
      const log =
        'Tunnus;Alku;Soittaja;Vastaanottaja\nA1;20.11.2026 10.00.00;0401234599;0931570000\n;20.11.2026 10.05.00;0401234599;0931570000\n';
      const form = new FormData();
      form.append('file', new File([log], 'calls.csv'));
      form.append('account', id);
      const run = await api.upload<{ id: string }>('/imports', form);
      const now = () => api.get<{ state: string; counts: object }>(`/imports/${run.id}`);
      await until('the import', async () => (await now()).state === 'done');
      return (await now()).counts;
    };
    expect(await upload()).to.deep.include({ read: 2, stored: 0, quarantined: 2 });
    const rows = async () => (await api.get<Page<{ id: string; state: string }>>(`/quarantine?account=${id}`)).items;
    const row = (await rows()).at(-1);
    const replay = () => api.send<{ state: string }>('POST', `/quarantine/${row?.id}/replay`, {});
    expect((await replay()).state).to.equal('open');
    await api.send('PATCH', `/accounts/${id}`, { config: { columns: { ...columns, startedAt: 'Alku' } } });
    expect((await replay()).state).to.equal('captured');
    const { items } = await api.get<Page<{ occurredAt: string }>>(`/interactions?account=${id}`);
    expect(items).to.have.length(1);
    expect(items[0]).to.deep.include({ direction: 'inbound' });
    expect(items[0]?.occurredAt).to.match(/^2026-11-20T08:0[05]:00/);
    expect((await rows()).filter(({ state }) => state === 'open')).to.have.length(1);
    expect(await upload()).to.deep.include({ read: 2, stored: 1, duplicate: 1, quarantined: 0 });
    expect((await rows()).filter(({ state }) => state === 'open')).to.deep.equal([]);
  });
});
