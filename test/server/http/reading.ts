import { Readable } from 'node:stream';
import { batchOf, mailItem } from '../../support/capture.ts';
import { mail, sha256, startApp } from './support.ts';

export const bytesOf = (text: string) => {
  const bytes = Buffer.from(text, 'latin1');
  return {
    type: 'message/rfc822',
    size: bytes.length,
    sha256: sha256(bytes),
    bytes,
    open: () => Readable.from([bytes]),
  };
};
export const at = (minute: number) => new Date(Date.UTC(2026, 10, 1, 10, minute));
export const part = (name: string, type: string, size: number) => ({ name, type, size, open: () => Readable.from([]) });

/** Two originals of one mail: the first one in account a's INBOX, the other one in b's Sent. */
export const FIRST = 'head of A|hello part|<b>html</b>';
export const SECOND = 'head of B|hello part|<b>html</b>';

/** An app with one contact of 61 mails and one without; `limited` is the token of an agent who sees account b only. */
export const startReading = async () => {
  const app = await startApp();
  const filed = mailItem(1, {
    occurredAt: at(1),
    raw: bytesOf(FIRST),
    parts: [part('tärkeä "1".txt', 'text/plain; charset=x', 10), part('page.html', 'text/html', 11)],
    html: '<p>hello</p>',
    headers: 'Subject: Subject 1',
    details: { automated: 'list' },
  });
  filed.participants.push({ role: 'bcc', identifier: { type: 'email', value: 'hidden@kuusilahti.example' } });
  const many = Array.from({ length: 60 }, (_, i) =>
    mailItem(i + 2, {
      occurredAt: at(2 + Math.floor(i / 3)),
      channel: i % 5 === 0 ? 'sms' : 'email',
      direction: i % 2 ? 'inbound' : 'outbound',
    }),
  );
  await app.hub.take([batchOf([filed, ...many])], { account: 'a', connector: mail });
  await app.hub.take(
    [batchOf([{ ...filed, raw: bytesOf(SECOND), sighting: { folder: 'Sent', uidValidity: '3', uid: 9 } }])],
    { account: 'b', connector: mail },
  );
  await app.hub.take([batchOf([mailItem(99, { parties: [], unlinkedReason: 'internal mail', occurredAt: at(50) })])], {
    account: 'a',
    connector: mail,
  });
  const found = await app.as('GET', 'contacts?q=paivi');
  const contact = found.body.items[0].id;
  const item = (await app.models.interactions.findOne({ sourceKey: 'key-1' }).lean())?._id ?? '';
  const limited = (await app.access.tokens.create({ name: 'b only', role: 'agent', account: 'b' })).token;
  return { app, contact, item, limited };
};
