import { expect } from 'chai';
import type { Participant, ParticipantRole } from '../../../../connectors/contract.ts';
import { belonging, isNoReply } from '../../../../connectors/email/parse/direction.ts';

const ours = {
  addresses: new Set(['tuki@hub.example']),
  domains: new Set(['firma.example', 'xn--rksmrgs-5wao1o.example']),
};

const people = (list: string): Participant[] =>
  list.split(' ').map(one => {
    const [role, value = ''] = one.split(/:(.*)/);
    return { role: role as ParticipantRole, identifier: { type: value.includes('@') ? 'email' : 'name', value } };
  });

const belongs = (list: string, folderIsSent = false, automated: string | null = null) => {
  const participants = people(list);
  const { direction, parties, others, unlinkedReason } = belonging(participants, { ours, folderIsSent, automated });
  const names = (indexes: number[]) => indexes.map(index => participants[index]?.identifier.value).join(' ');
  return [direction, names(parties), names(others), unlinkedReason !== undefined];
};

describe('direction and parties of a mail', () => {
  const cases: [string, string, [string, string, string, boolean], boolean?, string?][] = [
    [
      'inbound: From',
      'from:a@x.example to:tuki@hub.example cc:b@x.example',
      ['inbound', 'a@x.example', 'b@x.example', false],
    ],
    [
      'inbound from a no-reply: Reply-To',
      'from:no-reply@x.example reply-to:a@x.example to:tuki@hub.example',
      ['inbound', 'a@x.example', 'no-reply@x.example', false],
    ],
    [
      'a no-reply without Reply-To',
      'from:noreply@x.example to:tuki@hub.example',
      ['inbound', 'noreply@x.example', '', false],
    ],
    [
      'Reply-To of a person changes nothing',
      'from:a@x.example reply-to:b@x.example to:tuki@hub.example',
      ['inbound', 'a@x.example', 'b@x.example', false],
    ],
    [
      'outbound: To, Cc and Bcc',
      'from:Tuki@HUB.example to:a@x.example cc:b@x.example bcc:c@x.example',
      ['outbound', 'a@x.example b@x.example c@x.example', '', false],
    ],
    ['outbound by domain', 'from:kuka@firma.example to:a@x.example', ['outbound', 'a@x.example', '', false]],
    ['ours by a plus tag', 'from:tuki+1@hub.example to:a@x.example', ['outbound', 'a@x.example', '', false]],
    [
      'ours by an international domain',
      'from:a@räksmörgås.example to:a@x.example',
      ['outbound', 'a@x.example', '', false],
    ],
    [
      'outbound by folder',
      'from:alias@other.example to:a@x.example',
      ['outbound', 'a@x.example', 'alias@other.example', false],
      true,
    ],
    [
      'ours are never parties',
      'from:a@x.example to:tuki@hub.example cc:kuka@firma.example',
      ['inbound', 'a@x.example', '', false],
    ],
    ['internal', 'from:tuki@hub.example to:kuka@firma.example', ['internal', '', '', true]],
    [
      'from our own web form: who filled it in',
      'from:www@firma.example reply-to:a@x.example to:tuki@hub.example',
      ['inbound', 'a@x.example', '', false],
    ],
    [
      'sent by ours, by the folder, to us alone',
      'from:www@firma.example reply-to:a@x.example to:tuki@hub.example',
      ['outbound', '', 'a@x.example', true],
      true,
    ],
    [
      'outbound with a Reply-To',
      'from:tuki@hub.example reply-to:b@x.example to:a@x.example',
      ['outbound', 'a@x.example', 'b@x.example', false],
    ],
    [
      'outbound to nobody who is named',
      'from:tuki@hub.example reply-to:b@x.example',
      ['outbound', '', 'b@x.example', true],
    ],
    [
      'ours by the folder, from an address that isn’t',
      'from:a@x.example to:tuki@hub.example',
      ['outbound', '', 'a@x.example', true],
      true,
    ],
    [
      'a bounce belongs to nobody',
      'from:MAILER-DAEMON@mx.example to:tuki@hub.example',
      ['inbound', '', '', true],
      false,
      'bounce',
    ],
    ['no sender', 'to:tuki@hub.example to:b@x.example', ['inbound', '', 'b@x.example', true]],
    ['a sender without an address', 'from:Anna to:tuki@hub.example', ['inbound', '', '', true]],
    ['no From at all', 'to:tuki@hub.example', ['inbound', '', '', true]],
    ['ours by folder, to ours', 'to:tuki@hub.example', ['internal', '', '', true], true],
    [
      'ours whose name has a comma',
      'from:Virtanen from:kuka@firma.example to:tuki@hub.example',
      ['internal', '', '', true],
    ],
    [
      'a bounce whose daemon has no address',
      'from:MAILER-DAEMON to:tuki@hub.example',
      ['inbound', '', '', true],
      false,
      'bounce',
    ],
    ['nobody at all', 'from:Anna', ['inbound', '', '', true]],
    [
      'several From',
      'from:a@x.example from:b@x.example to:tuki@hub.example',
      ['inbound', 'a@x.example b@x.example', '', false],
    ],
  ];
  for (const [name, list, expected, sent, automated] of cases)
    it(name, () => expect(belongs(list, sent, automated ?? null)).to.deep.equal(expected));

  it('knows addresses that nobody reads', () => {
    const yes = [
      'noreply@x',
      'no-reply@x',
      'no.reply@x',
      'donotreply@x',
      'do-not-reply@x',
      'noreply+abc@x',
      'noreply-1@x',
      'ala-vastaa@x',
      'ei-vastausta@x',
      'info-noreply@x',
      'No_Reply@x',
    ];
    const no = ['norman@x', 'reply@x', 'anna@x', 'eija@x', 'innovation@x', 'dono@x', 'not@x'];
    expect(yes.filter(address => !isNoReply(address))).to.deep.equal([]);
    expect(no.filter(isNoReply)).to.deep.equal([]);
  });
});
