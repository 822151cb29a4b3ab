import { expect } from 'chai';
import { twentyOne } from './lines.ts';
import { ASTERISK, importText, onlyCall } from './support.ts';

const FREESWITCH = { ...ASTERISK, dialect: 'freeswitch' };
const START = 1_795_161_600;
const [MEMBER, AGENT] = ['aaaaaaaa-0000-4000-8000-000000000001', 'bbbbbbbb-0000-4000-8000-000000000002'];

/** From second to second of the call, answered at the second. */
const leg = (uuid: string, [from, answered, to]: [number, number, number], variables: object = {}) => ({
  variables: {
    uuid,
    start_epoch: START + from,
    answer_epoch: answered && START + answered,
    end_epoch: START + to,
    duration: to - from,
    billsec: answered && to - answered,
    ...variables,
  },
  callflow: [{ caller_profile: { caller_id_number: '0401234567', destination_number: '0931570000', uuid } }],
});
const ofFreeswitch = async (...legs: object[]) =>
  onlyCall((await importText(FREESWITCH, JSON.stringify(legs), { name: 'cdr.json' })).items);

describe('calllog: whether somebody took a call', () => {
  const rang = leg(AGENT, [1, 0, 20], { direction: 'outbound', cc_side: 'agent', cc_member_session_uuid: MEMBER });

  it('nobody took the one that hung up in a queue of FreeSWITCH’s, which answers by itself', async () => {
    const member = { direction: 'inbound', cc_side: 'member', last_app: 'callcenter', cc_cause: 'cancel' };
    const { details, summary } = await ofFreeswitch(leg(MEMBER, [0, 1, 40], member), rang);
    expect(summary).to.equal('Missed');
    expect(details.call).to.deep.include({ answered: false, talkSeconds: 0, durationSeconds: 40 });
    const taken = { ...member, cc_cause: 'answered', cc_queue_answered_epoch: START + 20 };
    expect((await ofFreeswitch(leg(MEMBER, [0, 1, 40], taken))).details.call.answered).to.equal(true);
    const wentOn = { ...member, last_app: 'bridge' };
    expect((await ofFreeswitch(leg(MEMBER, [0, 1, 40], wentOn))).details.call.answered).to.equal(true);
  });

  it('nobody took the one that left a message', async () => {
    const message = { direction: 'inbound', last_app: 'voicemail', last_arg: 'default example.org 1000' };
    expect((await ofFreeswitch(leg(MEMBER, [0, 30, 60], message), rang)).summary).to.equal('Missed');
    const listening = { ...message, last_arg: 'check default example.org 1000' };
    expect((await ofFreeswitch(leg(MEMBER, [0, 1, 60], listening))).details.call.answered).to.equal(true);
    const voicemail = { dstchannel: '', lastapp: 'VoiceMail', lastdata: '100@default,u', to: 'vmu100' };
    const { items } = await importText(ASTERISK, twentyOne(voicemail, '1795161600.1', '1795161600.1', 1));
    expect(onlyCall(items).summary).to.equal('Missed');
    expect(onlyCall(items).details.call.talkSeconds).to.equal(0);
  });

  it('nor the one that left a message with 3CX', async () => {
    const taken = (kind: string) =>
      `Call 6,0158A1_6,00:00:30,2026/11/20 10:50:00,2026/11/20 10:50:25,2026/11/20 10:50:35,TerminatedBySrc,0401234567,Ext.101,10001,101,0931570000,,${kind}.101,101,,,,,Chain: ;,LineSet,Extension,${kind},Matti,Aino,Aino,\n`;
    const of = async (kind: string) =>
      onlyCall((await importText({ ...ASTERISK, dialect: '3cx' }, taken(kind))).items).summary;
    expect([await of('VMail'), await of('Extension')]).to.deep.equal(['Missed', 'Answered, 0:10']);
  });

  it('with whom nobody spoke, nobody talked, though a queue of Asterisk’s counts its music', async () => {
    const waited = { disposition: 'NO ANSWER', lastapp: 'Queue', lastdata: '600,t', duration: 16, billsec: 15 };
    const { items } = await importText(ASTERISK, twentyOne(waited, '1795161600.1', '1795161600.1', 1));
    expect(onlyCall(items).details.call).to.deep.include({ answered: false, talkSeconds: 0 });
    const table = 'calldate,src,dst,billsec,disposition\n2026-11-20 10:00:00,0401234567,600,15,NO ANSWER\n';
    const { details } = onlyCall((await importText({ ...ASTERISK, dialect: 'csv' }, table)).items);
    expect(details.call).to.deep.include({ answered: false, talkSeconds: 0 });
  });
});
