import { expect } from 'chai';
import { bytesOf, head, multipart, parse, text } from './mails.ts';

const kind = (...fields: string[]) => parse([...fields, 'To: tuki@hub.example', '', 'x']).automated;
const person = 'From: anna@asiakas.example';

describe('automated mail', () => {
  const cases: [string, string[], string | null][] = [
    ['a person', [person, 'Auto-Submitted: no'], null],
    ['RFC 3834', [person, 'Auto-Submitted: auto-replied; owner-email=x'], 'auto-reply'],
    ['generated', [person, 'Auto-Submitted: auto-generated'], 'auto-reply'],
    ['X-Autoreply', [person, 'X-Autoreply: yes'], 'auto-reply'],
    ['Precedence', [person, 'Precedence: auto_reply'], 'auto-reply'],
    ['by its subject', [person, 'Subject: Automaattinen vastaus: Lomalla'], 'auto-reply'],
    ['null return path', [person, 'Return-Path: <>'], 'auto-reply'],
    ['a list', [person, 'List-Id: <a.list.example>'], 'list'],
    ['bulk', [person, 'Precedence: bulk'], 'list'],
    ['a daemon', ['From: Mail Delivery Subsystem <MAILER-DAEMON@mx.example>', 'Subject: x'], 'bounce'],
    ['a postmaster that returns something', ['From: postmaster@mx.example', 'Subject: Undeliverable: Lasku'], 'bounce'],
    ['a postmaster with a null return path', ['From: postmaster@mx.example', 'Return-Path: <>'], 'bounce'],
    ['a postmaster who writes', ['From: postmaster@mx.example', 'Subject: Hello'], null],
    ['a daemon without a domain', ['From: Mail Delivery Subsystem <MAILER-DAEMON>', 'Subject: Returned'], 'bounce'],
    ['a daemon by its display name', ['From: "Mail Delivery System" <bounces@mx.example>', 'Subject: x'], 'bounce'],
    ['a daemon with dots', ['From: Mail.Delivery.System@mx.example', 'Return-Path: <>'], 'bounce'],
    ['post_master with a null return path', ['From: post_master@mx.example', 'Return-Path: <>'], 'bounce'],
    ['a person called so', ['From: Post Master <anna@asiakas.example>', 'Subject: Hei'], null],
    ['a parcel service', ['From: Posti <mail-delivery@posti.example>', 'Subject: Your parcel is here'], null],
    ['mail-delivery with a null return path', ['From: mail-delivery@mx.example', 'Return-Path: <>'], 'bounce'],
    ['a delivery firm', ['From: Mail Delivery Oy <tilaus@kuljetus.example>', 'Subject: Hei'], null],
    ['a gateway', ['From: Admin <sysadmin@mx.example>', 'Return-Path: <>', 'Subject: Undeliverable Message'], 'bounce'],
    ['nobody', ['From: <>', 'Return-Path: <>', 'Subject: failure notice'], 'bounce'],
    ['a reply to one', [person, 'Return-Path: <>', 'Subject: Poissa: Delivery failure'], 'auto-reply'],
    ['exim', ['From: x@mx.example', 'X-Failed-Recipients: a@b.example'], 'bounce'],
    [
      'a read receipt',
      [person, 'Content-Type: multipart/report; report-type=disposition-notification; boundary=b'],
      'auto-reply',
    ],
  ];
  for (const [name, fields, expected] of cases) it(name, () => expect(kind(...fields)).to.equal(expected));

  const report = (original: (string | Buffer)[]) =>
    parse([
      'From: MAILER-DAEMON@mx.example',
      'To: tuki@hub.example',
      'Content-Type: multipart/report; report-type=delivery-status; boundary=r',
      '',
      ...multipart('r', [
        text('It could not be delivered.'),
        ['Content-Type: message/delivery-status', '', 'Action: failed'],
        original,
      ]),
    ]);
  const original = bytesOf(['From: tuki@hub.example', 'Message-ID: <sent-1@hub.example>', 'Subject: Lasku', '', 'x']);

  it('a report names the mail that bounced', () => {
    const mail = report(['Content-Type: message/rfc822', '', original]);
    expect(mail).to.include({
      automated: 'bounce',
      bounceOf: 'sent-1@hub.example',
      text: 'It could not be delivered.',
    });
    expect(mail.parts.map(({ type }) => type)).to.deep.equal(['message/delivery-status', 'message/rfc822']);
  });

  const forwarded = (from: string, type: string, disposition = 'attachment') =>
    parse([
      from,
      'To: tuki@hub.example',
      'Content-Type: multipart/mixed; boundary=m',
      '',
      ...multipart('m', [
        text('My mail to you came back, please call.'),
        [`Content-Type: ${type}`, `Content-Disposition: ${disposition}`, '', 'Action: failed'],
      ]),
    ]).automated;

  it('isn’t what a person attaches: a customer who sends one on writes himself', () => {
    expect(forwarded(person, 'message/delivery-status')).to.equal(null);
    expect(forwarded(person, 'message/disposition-notification')).to.equal(null);
    expect(forwarded('From: <>', 'message/delivery-status')).to.equal('bounce');
    expect(forwarded(person, 'message/delivery-status', 'inline')).to.equal('bounce');
  });

  it('also when only the header came back, or it is in base64', () => {
    expect(report(['Content-Type: text/rfc822-headers', '', original]).bounceOf).to.equal('sent-1@hub.example');
    expect(
      report(['Content-Type: message/rfc822', 'Content-Transfer-Encoding: base64', '', original.toString('base64')])
        .bounceOf,
    ).to.equal('sent-1@hub.example');
  });

  it('also when it is quoted in the text', () => {
    expect(
      parse([
        'From: MAILER-DAEMON@mx.example',
        '',
        'Hi. This is qmail.',
        '--- Below this line is a copy:',
        '',
        'Message-ID: <sent-2@hub.example>',
      ]).bounceOf,
    ).to.equal('sent-2@hub.example');
  });
});

describe('threads', () => {
  it('by Message-ID, In-Reply-To and References', () => {
    const mail = parse([
      ...head(
        'Message-ID: <m@x>',
        'In-Reply-To: Your mail of Monday <a@x>',
        'References: <r1@x> <r2@x>',
        '\t<a@x> <fold',
        ' ed@x>',
      ),
      '',
      'x',
    ]);
    expect(mail.messageId).to.equal('m@x');
    expect(mail.threadKeys).to.deep.equal(['m@x', 'a@x', 'r1@x', 'r2@x', 'folded@x']);
  });

  it('addresses of who takes part are no ids', () => {
    const fields = ['From: Anna <anna@asiakas.example>', 'To: Tuki@hub.example'];
    const answers = 'In-Reply-To: Message from Tuki <tuki@hub.example> of "Monday" <real1@hub.example>';
    expect(parse([...fields, answers, '', 'x']).threadKeys).to.deep.equal(['real1@hub.example']);
    const bare = parse([...fields, 'Subject: Re: Lasku', 'In-Reply-To: tuki@hub.example', '', 'x']);
    expect(bare).to.deep.include({ threadKeys: [], isBareReply: true });
  });

  it('ids without brackets, ids that are none', () => {
    expect(parse('Message-ID: m@x\nReferences: a@x, b@x\n\n').threadKeys).to.deep.equal(['m@x', 'a@x', 'b@x']);
    const free = `In-Reply-To: anna@asiakas.example's message of "Thu, 19 Sep 2002 12:35:59 +0100"`;
    expect(parse(`${free}\n\n`).threadKeys).to.deep.equal([]);
    expect(parse('In-Reply-To: a@x (Anna on Monday)\n\n').threadKeys).to.deep.equal(['a@x']);
    expect(parse('Message-ID: <>\n\n').threadKeys).to.deep.equal([]);
    expect(parse('Message-ID: <not an id>\n\n').messageId).to.equal('notanid');
  });

  it('thousands of references are bounded: the oldest and the newest stay', () => {
    const ids = Array.from({ length: 5000 }, (_, i) => `<${i}@x>`).join('\r\n ');
    const { threadKeys } = parse(`References: ${ids}\r\n\r\n`);
    expect(threadKeys).to.have.length(100);
    expect([threadKeys[0], threadKeys.at(-1)]).to.deep.equal(['0@x', '4999@x']);
  });

  it('by subject and participants as the last resort, whoever writes', () => {
    const one = parse(['From: a@x.example', 'To: b@y.example', 'Subject: Lasku', '', '']);
    const answer = parse(['From: b@y.example', 'To: A@x.example', 'Cc: c@z.example', 'Subject: Vs: LASKU', '', '']);
    const other = parse(['From: b@y.example', 'To: c@z.example', 'Subject: Re: Lasku', '', '']);
    expect(answer.lastResortThreadKeys).to.include(one.lastResortThreadKeys[0]);
    expect(other.lastResortThreadKeys).not.to.include(one.lastResortThreadKeys[0]);
    expect([one.isBareReply, answer.isBareReply]).to.deep.equal([false, true]);
    expect(parse(['From: b@y.example', 'Subject: Re: x', 'References: <a@x>', '', '']).isBareReply).to.equal(false);
    expect(parse(['From: a@x.example', 'To: b@y.example', 'Subject: Re:', '', '']).lastResortThreadKeys).to.deep.equal(
      [],
    );
  });
});
