import type { Letter } from './compose.ts';
import { type Envelope, fields, transport } from './envelope.ts';
import type { SampleFile } from './files/file.ts';
import { logoFile } from './files/png.ts';
import type { Charset, Encoding } from './mime/encode.ts';
import { type Entity, fileEntity, multipart, serialise, type TextStyle, textEntity } from './mime/entity.ts';
import { flowed, wrap } from './mime/flowed.ts';
import { brokenWords, encodedWords, type NameStyle } from './mime/headers.ts';
import { documentHtml, letterHtml, pictureHtml } from './page.ts';
import type { Quirk } from './quirks.ts';
import { quoteHtml, quoteText, type Written } from './quote.ts';
import type { Random } from './random.ts';
import { phrases } from './texts/index.ts';
import type { Client, Lang, Person } from './types.ts';

/** A letter about to become a mail. */
export interface Draft {
  envelope: Envelope;
  letter: Letter;
  author: Person;
  client: Client;
  lang: Lang;
  ours: boolean;
  arrived: Date;
  quoted?: Written;
  files: readonly SampleFile[];
  screenshot?: SampleFile;
  quirk: Quirk;
}

type Body = NonNullable<Quirk['body']>;

const usualBody = ({ client, files }: Draft, random: Random): Body => {
  if (client === 'thunderbird') return 'flowed';
  if (client === 'legacy') return 'plain';
  if (client === 'apple') return random.chance(0.6) || files.length > 0 ? 'plain' : 'alternative';
  return 'alternative';
};

const asciiOnly = (text: string): boolean => /^[\n\r\t\x20-\x7e]*$/.test(text);

const usualCharset = (client: Client, text: string, random: Random): [Charset, Encoding] => {
  if (asciiOnly(text) && client !== 'gmail') return ['us-ascii', '7bit'];
  if (client === 'legacy')
    return text.includes('€')
      ? ['iso-8859-15', 'quoted-printable']
      : ['iso-8859-1', random.chance(0.5) ? '8bit' : 'quoted-printable'];
  if (client === 'thunderbird') return ['utf-8', '8bit'];
  if (client === 'outlook')
    return random.chance(0.3)
      ? ['windows-1252', 'quoted-printable']
      : ['utf-8', random.chance(0.5) ? 'base64' : 'quoted-printable'];
  return ['utf-8', random.chance(0.25) ? 'base64' : 'quoted-printable'];
};

const style = (draft: Draft, text: string, random: Random): TextStyle => {
  const [charset, encoding] = usualCharset(draft.client, text, random);
  const { quirk } = draft;
  return {
    charset: quirk.charset ?? charset,
    encoding: quirk.encoding ?? encoding,
    ...(quirk.label ? { label: quirk.label } : {}),
  };
};

/** What the author wrote with the quote under it, paragraphs unwrapped. */
const fullText = ({ letter, client, quoted, lang, author, ours }: Draft): string => {
  const mark = client === 'thunderbird' ? '-- \n' : '';
  const own = `${letter.paragraphs.join('\n\n')}\n\n${letter.closing}\n${mark}${letter.signature.join('\n')}\n`;
  const small = author.organisation?.disclaimer && !ours ? `\n${phrases[lang].disclaimer}\n` : '';
  return `${own}${small}${quoted ? `\n${quoteText(quoted, client, lang, author.zone)}\n` : ''}`;
};

const plainPart = (body: Body, text: string, chosen: TextStyle): Entity => {
  if (body === 'flowed') return textEntity('plain', flowed(text), { ...chosen, parameters: '; format=flowed' });
  if (body === 'delsp')
    return textEntity('plain', flowed(text, true), { ...chosen, parameters: '; format=flowed; delsp=yes' });
  return textEntity('plain', wrap(text, 76), chosen);
};

interface Texts {
  text: string;
  html: string;
}

const withPictures = (html: Entity, pictures: readonly [SampleFile, string][], boundary: string): Entity =>
  pictures.length === 0
    ? html
    : multipart(
        'related',
        [html, ...pictures.map(([file, cid]) => fileEntity(file, 'rfc2231', cid))],
        boundary,
        ';\r\n\ttype="text/html"',
      );

/** The pictures of an HTML letter with the Content-IDs by which it shows them. */
const picturesOf = (draft: Draft, random: Random): [SampleFile, string][] => {
  const { author, client, ours, screenshot } = draft;
  if (screenshot) return [[screenshot, `part1.${random.hex(8)}@${author.organisation?.domains[0] ?? 'post.example'}`]];
  const hasLogo = client === 'outlook' && !ours && author.organisation?.disclaimer && !draft.quoted;
  return hasLogo && author.organisation
    ? [
        [
          logoFile(author.organisation.externalId),
          `image001.png@01DA${random.hex(4).toUpperCase()}.${random.hex(8).toUpperCase()}`,
        ],
      ]
    : [];
};

const htmlOf = (draft: Draft, pictures: readonly [SampleFile, string][]): string => {
  const { letter, client, lang, author, ours, quoted, screenshot } = draft;
  const footer = author.organisation?.disclaimer && !ours ? phrases[lang].disclaimer : '';
  const shown = pictures.map(([, cid]) => pictureHtml(cid, screenshot !== undefined)).join('');
  return letterHtml(letter, client, shown, footer) + (quoted ? quoteHtml(quoted, client, lang, author.zone) : '');
};

/** The text of the letter as the mail carries it: plain, HTML, or both. */
const contentOf = (
  draft: Draft,
  texts: Texts,
  body: Body,
  pictures: readonly [SampleFile, string][],
  random: Random,
): Entity => {
  const chosen = style(draft, texts.text, random);
  if (body !== 'html' && body !== 'alternative') return plainPart(body, texts.text, chosen);
  const encoding = chosen.encoding === '7bit' || chosen.encoding === '8bit' ? 'quoted-printable' : chosen.encoding;
  const html = textEntity('html', documentHtml(texts.html, draft.client, chosen.charset), { ...chosen, encoding });
  const shown = withPictures(html, pictures, `_r_${random.hex(20)}`);
  if (body === 'html') return shown;
  return multipart('alternative', [plainPart('plain', texts.text, chosen), shown], `_000_${random.hex(24)}_`);
};

const rawSubject = (subject: string, quirk: Quirk): string | undefined => {
  if (quirk.subject === 'base64') return encodedWords(subject, 'utf-8', 'B');
  if (quirk.subject === 'broken') return brokenWords(subject);
  return quirk.subject === 'raw' ? subject : undefined;
};

const nameStyle = (client: Client): NameStyle =>
  client === 'gmail' || client === 'legacy' ? 'encoded-word' : 'rfc2231';

/** A reply doesn't send the pictures of what it quotes again. */
const withoutPictures = (html: string): string => html.replace(/<p><img src="cid:[^>]*><\/p>\n/g, '');

/** A mail of a draft, and what the next mail of its thread quotes. */
export const render = (draft: Draft, random: Random): { raw: Buffer; written: Written } => {
  const { envelope, client, quirk, files } = draft;
  const body = quirk.body ?? usualBody(draft, random);
  const pictures = body === 'plain' || body === 'flowed' || body === 'delsp' ? [] : picturesOf(draft, random);
  const texts = { text: fullText(draft), html: htmlOf(draft, pictures) };
  const content = contentOf(draft, texts, body, pictures, random);
  const entity =
    files.length === 0
      ? content
      : multipart(
          'mixed',
          [content, ...files.map(file => fileEntity(file, quirk.nameStyle ?? nameStyle(client)))],
          `------------${random.hex(24)}`,
        );
  const raw = rawSubject(envelope.subject, quirk);
  const head = fields(
    { ...envelope, client, undisclosed: quirk.undisclosed === true, ...(raw ? { rawSubject: raw } : {}) },
    random,
  );
  const way = draft.ours ? '' : transport(envelope.from.email, draft.arrived, random);
  return {
    raw: serialise(way + head, entity),
    written: {
      from: envelope.from,
      to: envelope.to[0] ?? envelope.from,
      date: envelope.date,
      subject: envelope.subject,
      messageId: envelope.messageId ?? '',
      text: texts.text.trimEnd(),
      html: withoutPictures(texts.html),
    },
  };
};
