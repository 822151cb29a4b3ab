import { composeLetter } from '../compose.ts';
import { SUPPORT_ADDRESS } from '../data/organisations.ts';
import { newMessageId } from '../envelope.ts';
import { fillParagraph, makeFacts } from '../facts.ts';
import { type Context, contactAddress, type Matter } from '../matter.ts';
import { multipart, textEntity } from '../mime/entity.ts';
import { wrap } from '../mime/flowed.ts';
import { phrases } from '../texts/index.ts';
import type { SampleMail } from '../types.ts';
import { arrive, UTF8 } from './arrive.ts';

/** A contact's contribution to a mailing list that the desk reads (RFC 2919, RFC 2369). */
export const listMail = (matter: Matter, date: Date, context: Context): SampleMail => {
  const { random } = context;
  const letter = composeLetter(
    {
      step: 'ask',
      topic: matter.topic,
      facts: matter.facts,
      lang: matter.lang,
      author: matter.contact,
      reader: matter.agent,
      ours: false,
    },
    random,
  );
  const list = 'kayttajat.lists.varaajayhteiso.example';
  const post = { name: 'Käyttäjäryhmä', email: 'kayttajat@lists.varaajayhteiso.example' };
  const text = `${[...letter.paragraphs, letter.closing, ...letter.signature].map(part => wrap(part)).join('\n\n')}\n\n_______________________________________________\nkayttajat mailing list\nhttps://lists.varaajayhteiso.example/kayttajat\n`;
  const envelope = {
    from: contactAddress(matter),
    sender: { email: 'kayttajat-bounces@lists.varaajayhteiso.example' },
    to: [post],
    date,
    subject: `[kayttajat] ${matter.subject}`,
    messageId: newMessageId('thunderbird', matter.address, random),
    more: `List-Id: =?utf-8?Q?K=C3=A4ytt=C3=A4j=C3=A4ryhm=C3=A4?= <${list}>\r\nList-Post: <mailto:${post.email}>\r\nList-Unsubscribe: <https://lists.varaajayhteiso.example/kayttajat/leave>\r\nPrecedence: list\r\n`,
  };
  return arrive(
    envelope,
    matter.contact.zone,
    textEntity('plain', text, { charset: 'utf-8', encoding: '8bit' }),
    context,
  );
};

const newsletterHtml = (date: Date, context: Context): string => {
  const { random } = context;
  const words = phrases.fi;
  const cards = Array.from({ length: random.int(14, 26) }, () => {
    const facts = makeFacts('fi', date, 2, random);
    const text = fillParagraph(random.pick(words.extras), facts);
    return `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="border-collapse:collapse;margin:0 0 24px 0"><tr><td style="padding:16px;background-color:#f4f6f8;font-family:Helvetica,Arial,sans-serif;font-size:16px;line-height:24px;color:#22303c"><h2 style="margin:0 0 8px 0;font-size:20px;line-height:26px">${facts.room}: ${facts.group}</h2><p style="margin:0 0 12px 0">${text}</p><a href="https://uutiset.tilalehti.example/a/${random.hex(32)}?utm_source=uutiskirje" style="display:inline-block;padding:10px 18px;background-color:#2f6f8f;color:#ffffff;text-decoration:none;border-radius:4px">Lue lisää</a><img src="https://uutiset.tilalehti.example/o/${random.hex(24)}.gif" width="1" height="1" alt=""></td></tr></table>`;
  });
  return `<!DOCTYPE html><html><head><meta charset="utf-8"><title>Tilalehti</title><style>@media only screen and (max-width:600px){.wrap{width:100%!important}}</style></head><body><div class="wrap" style="width:600px;margin:0 auto">\n${cards.join('\n')}\n<p style="font-size:12px;color:#777">Saat tämän kirjeen, koska olet tilannut sen. <a href="https://uutiset.tilalehti.example/peruuta">Peruuta tilaus</a></p></div></body></html>`;
};

/** A trade paper's newsletter (RFC 8058 unsubscription). */
export const newsletter = (matter: Matter, date: Date, context: Context): SampleMail => {
  const { random } = context;
  const html = newsletterHtml(date, context);
  const entity = multipart(
    'alternative',
    [
      textEntity('plain', 'Tilalehden uutiskirje: avaa selaimessa https://uutiset.tilalehti.example/\n', UTF8),
      textEntity('html', html, UTF8),
    ],
    `b1_${random.hex(32)}`,
  );
  const envelope = {
    from: { name: 'Tilalehti', email: 'uutiskirje@uutiset.tilalehti.example' },
    to: [{ email: SUPPORT_ADDRESS }],
    date,
    subject: `Tilalehti ${matter.facts.month}: ${matter.facts.room} ja muut uutiset`,
    messageId: `<${random.hex(32)}@uutiset.tilalehti.example>`,
    more: `List-Id: Tilalehti <uutiskirje.tilalehti.example>\r\nList-Unsubscribe: <https://uutiset.tilalehti.example/u/${random.hex(20)}>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nPrecedence: bulk\r\n`,
  };
  return arrive(envelope, 2, entity, context);
};
