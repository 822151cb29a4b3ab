import { expect } from 'chai';
import { messageItem, type ToldMessage } from '../../../connectors/twilio/items/message.ts';

const told: ToldMessage = {
  sid: 'SM1',
  from: '+358401234567',
  to: '+358931570000',
  direction: 'inbound',
  at: new Date('2026-11-20T10:00:00Z'),
  body: '',
  files: 0,
};
const summaryOf = (body: string, over: Partial<ToldMessage> = {}) => messageItem({ ...told, body, ...over }).summary;
const WHATSAPP = { from: 'whatsapp:+358401234567', to: 'whatsapp:+358931570000' };

describe('twilio: words that Twilio acts on', () => {
  it('are said in words, in any case, when they are the whole message', () => {
    for (const word of ['STOP', 'stopall', 'Unsubscribe', 'CANCEL', 'end', 'Quit ', 'REVOKE', 'optout'])
      expect(summaryOf(word)).to.equal(`${word.trim()}: wants no more messages`);
    for (const word of ['Start', 'UNSTOP']) expect(summaryOf(word)).to.equal(`${word}: wants messages again`);
    for (const word of ['help', 'INFO']) expect(summaryOf(word)).to.equal(`${word}: asks for help`);
    for (const body of ['Please cancel', 'stop it', 'OPT OUT', 'constructor', ''])
      expect(summaryOf(body)).to.equal(undefined);
  });

  it('are no wish of ours when we write them', () => {
    expect(summaryOf('STOP', { direction: 'outbound' })).to.equal(undefined);
  });

  it('that may be an answer are one, unless Twilio says otherwise', () => {
    expect(summaryOf('Yes')).to.equal(undefined);
    expect(summaryOf('Yes', { optOut: 'START' })).to.equal('Yes: wants messages again');
    expect(summaryOf('Cancel', WHATSAPP)).to.equal(undefined);
    expect(summaryOf('Cancel', { ...WHATSAPP, optOut: 'STOP' })).to.equal('Cancel: wants no more messages');
    expect(summaryOf('STOP', WHATSAPP)).to.equal('STOP: wants no more messages');
  });
});
