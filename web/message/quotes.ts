/** Where the text of a reply ends and what it quotes begins. */
export interface Split {
  body: string;
  quote: string;
}

// each of these reads a line once, whatever stands in it: no two repeats that follow one another take the same letters
const attributed = /(?:wrote|writes|kirjoitti|skrev|schrieb|a écrit)\s/i;
const attribution = /(?:wrote|writes|kirjoitti|skrev|schrieb|a écrit)\s*:?$/i;
const separator =
  /^(?:-{2,}|_{5,})(?:\s+-+|\s*(?:original message|alkuperäinen viesti|ursprungligt meddelande|opprinnelig melding|oprindelig meddelelse|ursprüngliche nachricht|message d['’]origine|forwarded message|välitetty viesti|vidarebefordrat meddelande)\s*-*)?$/i;
const headerFrom = /^\s*\*?(from|lähettäjä|från|fra|von|de) ?:\*?\s+\S/i;
const headerMore =
  /^\s*\*?(sent|date|lähetetty|päivämäärä|skickat|sendt|gesendet|envoyé|datum|to|vastaanottaja|till?|an|à|subject|aihe|ämne|emne|betreff|objet) ?:\*?\s/i;

const longestAttribution = 400;

/** Whether a line says who wrote what is quoted below it. */
export const isAttribution = (line: string): boolean => {
  if (line.length >= longestAttribution) return false;
  const said = line.trim();
  return attribution.test(said) || (said.endsWith(':') && attributed.test(said));
};

const opensHeader = (lines: string[], at: number): boolean =>
  headerFrom.test(lines[at] ?? '') && lines.slice(at + 1, at + 4).some(line => headerMore.test(line));

/** Whether lines begin with the header that Outlook puts above what it quotes: who, when, to whom, about what. */
export const isHeader = (lines: string[]): boolean => opensHeader(lines, 0);

const isQuoted = (line: string) => /^\s*>/.test(line);

/** Index of the first line of the trailing quote, or -1. A quote with an answer below it is no trailing quote. */
const quoteStart = (lines: string[]): number => {
  const outlook = lines.findIndex(
    (line, at) => (separator.test(line.trim()) && opensHeader(lines, at + 1)) || opensHeader(lines, at),
  );
  if (outlook >= 0) return outlook;
  let start = lines.length;
  while (start > 0 && (isQuoted(lines[start - 1] ?? '') || !(lines[start - 1] ?? '').trim())) start -= 1;
  const first = lines.findIndex((line, at) => at >= start && isQuoted(line));
  if (first < 0) return -1;
  // An attribution may be wrapped over two lines.
  const above = lines
    .slice(0, first)
    .map((line, at) => ({ line, at }))
    .filter(({ line }) => line.trim());
  const last = above.at(-1);
  if (last && isAttribution(last.line)) {
    const earlier = above.at(-2);
    return earlier && earlier.at === last.at - 1 && /\d{4}|<[^>]+@/.test(earlier.line) ? earlier.at : last.at;
  }
  return first;
};

/** Splits the quote off the end of a plain text. A text that is nothing but quote stays whole. */
export const splitQuote = (text: string): Split => {
  const lines = text.split('\n');
  const at = quoteStart(lines);
  const body = at < 0 ? text : lines.slice(0, at).join('\n').trimEnd();
  return at <= 0 || !body.trim() ? { body: text, quote: '' } : { body, quote: lines.slice(at).join('\n') };
};
