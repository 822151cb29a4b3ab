import type { Letter } from './compose.ts';
import { escapeHtml } from './quote.ts';
import type { Client } from './types.ts';

const STYLES: Readonly<Record<Client, string>> = {
  outlook: `<!--
/* Font Definitions */
@font-face {font-family:"Cambria Math"; panose-1:2 4 5 3 5 4 6 3 2 4;}
@font-face {font-family:Calibri; panose-1:2 15 5 2 2 2 4 3 2 4;}
@font-face {font-family:Aptos; panose-1:2 11 0 4 2 2 2 2 2 4;}
/* Style Definitions */
p.MsoNormal, li.MsoNormal, div.MsoNormal {margin:0cm; font-size:11.0pt; font-family:"Calibri",sans-serif; mso-ligatures:standardcontextual; mso-fareast-language:EN-US;}
a:link, span.MsoHyperlink {mso-style-priority:99; color:#0563C1; text-decoration:underline;}
a:visited, span.MsoHyperlinkFollowed {mso-style-priority:99; color:#954F72; text-decoration:underline;}
p.msonormal0, li.msonormal0, div.msonormal0 {mso-style-name:msonormal; mso-margin-top-alt:auto; margin-right:0cm; mso-margin-bottom-alt:auto; margin-left:0cm; font-size:11.0pt; font-family:"Calibri",sans-serif;}
span.EmailStyle17 {mso-style-type:personal-compose; font-family:"Calibri",sans-serif; color:windowtext;}
.MsoChpDefault {mso-style-type:export-only; font-size:10.0pt; mso-fareast-language:EN-US;}
@page WordSection1 {size:612.0pt 792.0pt; margin:70.85pt 2.0cm 70.85pt 2.0cm;}
div.WordSection1 {page:WordSection1;}
-->`,
  gmail: '',
  apple: 'body{overflow-wrap:break-word;-webkit-nbsp-mode:space;line-break:after-white-space}',
  thunderbird: 'p{margin:0 0 1em 0}',
  legacy: '',
};

const paragraph = (text: string, client: Client): string => {
  const inner = escapeHtml(text).replace(/https:\/\/[\w./-]*\w/g, '<a href="$&">$&</a>');
  if (client === 'outlook')
    return `<p class="MsoNormal">${inner}<o:p></o:p></p>\n<p class="MsoNormal"><o:p>&nbsp;</o:p></p>\n`;
  return client === 'gmail' ? `<div>${inner}</div><div><br></div>\n` : `<p>${inner}</p>\n`;
};

/** What shows an inline picture in the letter: a signature's logo small, a screenshot as wide as the page. */
export const pictureHtml = (cid: string, wide: boolean): string =>
  `<p><img src="cid:${cid}" ${wide ? 'style="max-width:100%"' : 'width="140" height="44"'} alt=""></p>\n`;

/** The inside of an HTML body for a letter; `picture` and `footer` stand under the signature. */
export const letterHtml = (letter: Letter, client: Client, picture: string, footer: string): string => {
  const lines = [letter.closing, ...letter.signature].map(escapeHtml).join('<br>\n');
  const signature =
    client === 'outlook'
      ? `<p class="MsoNormal"><span style="font-size:10.0pt;color:#44546A">${lines}</span></p>\n`
      : `<div class="signature">${lines}</div>\n`;
  const small = footer ? `<p style="font-size:8.0pt;color:#767171">${escapeHtml(footer)}</p>\n` : '';
  return letter.paragraphs.map(text => paragraph(text, client)).join('') + signature + picture + small;
};

/** A whole HTML document as the mail program writes it. */
export const documentHtml = (inner: string, client: Client, charset: string): string => {
  const style = STYLES[client] ? `<style>${STYLES[client]}</style>` : '';
  const meta = `<meta http-equiv="Content-Type" content="text/html; charset=${charset}">`;
  if (client === 'gmail') return `<div dir="ltr">${inner}</div>\n`;
  if (client === 'outlook')
    return `<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns="http://www.w3.org/TR/REC-html40">\n<head>\n${meta}\n<meta name="Generator" content="Microsoft Word 15 (filtered medium)">\n${style}\n</head>\n<body lang="FI" link="#0563C1" vlink="#954F72" style="word-wrap:break-word">\n<div class="WordSection1">\n${inner}</div>\n</body>\n</html>\n`;
  return `<html><head>${meta}${style}</head><body>\n${inner}</body></html>\n`;
};
