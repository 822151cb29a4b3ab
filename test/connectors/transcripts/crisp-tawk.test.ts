import { expect } from 'chai';
import { sha256 } from '../../../connectors/common/raw.ts';
import type { Captured, WebhookRequest } from '../../../connectors/contract.ts';
import * as events from '../../../connectors/transcripts/fixtures/crisp-tawk.ts';
import { crispRequest, SECRET, tawkRequest } from '../../../connectors/transcripts/fixtures/signed.ts';
import { accountOf, connector } from './support.ts';

const itemsOf = async (provider: 'crisp' | 'tawk', ...requests: WebhookRequest[]): Promise<Captured[]> => {
  const account = accountOf({ provider, secret: SECRET });
  const all: Captured[] = [];
  for (const request of requests) all.push(...((await connector.receive?.(account, request))?.items ?? []));
  return all;
};

describe('transcripts: files and times of Crisp and tawk.to', () => {
  it('crisp: a file without a name is called as its link says', async () => {
    const files = ['https://x.example/a/k%C3%A4si.webm?t=1', 'https://x.example/a/hei.gif'];
    const items = await itemsOf(
      'crisp',
      ...files.map(url => crispRequest(events.crispMessage({ type: 'audio', content: { url } }))),
    );
    expect(items.map(({ text }) => text)).to.eql(['File: käsi.webm', 'File: hei.gif']);
    expect(items[0]?.sourceKey).to.match(/\/163239614854320\/add114a6bfb76bec$/);
  });

  it('crisp: what is offered is told with where it leads, under the key of its titles', async () => {
    const actions = [{ label: 'Varaa', url: 'https://varaamo.example/1' }];
    const targets = [{ title: 'Sali 1', description: '40 paikkaa', actions }, { title: 'Sali 2' }];
    const content = { text: 'Vapaana', targets };
    const [item] = await itemsOf('crisp', crispRequest(events.crispMessage({ type: 'carousel', content })));
    expect(item?.text).to.equal('Vapaana\n- Sali 1: 40 paikkaa\n  Varaa (https://varaamo.example/1)\n- Sali 2');
    const titles = sha256('Vapaana\n- Sali 1\n- Sali 2').slice(0, 16);
    expect(item?.sourceKey.endsWith(`/163239614854320/${titles}`)).to.equal(true);
  });

  it('tawk.to: a line without a time is as old as the one before, and spoils no transcript', async () => {
    const { tawkTranscript } = events;
    const messages = tawkTranscript.chat.messages.map((one, index) => ({
      ...one,
      ...(index % 3 === 0 ? { time: undefined } : {}),
    }));
    const [whole, gaps] = [
      await itemsOf('tawk', tawkRequest(tawkTranscript)),
      await itemsOf('tawk', tawkRequest({ ...tawkTranscript, chat: { ...tawkTranscript.chat, messages } })),
    ];
    const clock = (all: Captured[]) => all.map(({ occurredAt }) => occurredAt.toISOString().slice(14, 19));
    expect(clock(gaps)).to.eql(['00:00', '00:00', '01:00', '01:00', '03:00', '03:00']);
    expect(gaps[2]?.sourceKey).to.equal(whole[2]?.sourceKey);
    expect(new Set(gaps.map(({ sourceKey }) => sourceKey)).size).to.equal(6);
  });

  it('tawk.to: the visitor’s first message is there once, also when a trigger of ours stands before it', async () => {
    const { tawkStart, tawkTranscript } = events;
    const [system, ...said] = tawkTranscript.chat.messages;
    const trigger = {
      sender: { t: 'a', n: 'Olli' },
      type: 'msg',
      msg: 'Voinko auttaa?',
      time: '2026-11-20T08:00:00.100Z',
    };
    const withTrigger = { ...tawkTranscript.chat, messages: [system, trigger, ...said] };
    const [start, ...lines] = await itemsOf(
      'tawk',
      tawkRequest(tawkStart),
      tawkRequest({ ...tawkTranscript, chat: withTrigger }),
    );
    const keys = lines.map(({ sourceKey }) => sourceKey);
    expect(keys.indexOf(start?.sourceKey ?? '')).to.equal(2);
    expect(new Set(keys).size).to.equal(7);
    const plain = (await itemsOf('tawk', tawkRequest(tawkTranscript))).map(({ sourceKey }) => sourceKey);
    expect(keys.filter(key => !plain.includes(key))).to.eql([keys[1]]);
    const ours = {
      ...tawkStart,
      message: { text: 'Voinko auttaa?', type: 'msg', sender: { type: 'agent', name: 'Olli' } },
    };
    expect((await itemsOf('tawk', tawkRequest(ours)))[0]?.sourceKey).to.equal(keys[1]);
  });
});
