/** A reply's own text, and what it quotes below. */
export interface Split {
  body: string;
  quote: string;
}

// each of these takes linear time: no two adjacent repetitions match the same characters
const attributed = /(?:wrote|writes|kirjoitti|skrev|schrieb|a écrit)\s/i;
const attribution = /(?:wrote|writes|kirjoitti|skrev|schrieb|a écrit)\s*:?$/i;
const separator =
  /^(?:-{2,}|_{5,})(?:\s+-+|\s*(?:original message|alkuperäinen viesti|ursprungligt meddelande|opprinnelig melding|oprindelig meddelelse|ursprüngliche nachricht|message d['’]origine|forwarded message|välitetty viesti|vidarebefordrat meddelande)\s*-*)?$/i;
const headerFrom = /^\s*\*?(from|lähettäjä|från|fra|von|de) ?:\*?\s+\S/i;
const headerMore =
  /^\s*\*?(sent|date|lähetetty|päivämäärä|skickat|sendt|gesendet|envoyé|datum|to|vastaanottaja|till?|an|à) ?:\*?\s/i;
const headerSubject = /^\s*\*?(subject|aihe|ämne|emne|betreff|objet) ?:\*?(?:\s|$)/i;

/** Most lines of a quoted header, with wrapped fields. */
export const longestHeader = 12;

const longestAttribution = 400;

/** Whether a line is an attribution ("… wrote:") of the quote below it. */
export const isAttribution = (line: string): boolean => {
  if (line.length >= longestAttribution) return false;
  const said = line.trim();
  return attribution.test(said) || (said.endsWith(':') && attributed.test(said));
};

/**
 * Whether a quoted header begins at line `at`. From, to and date alone aren't enough, since orders have them too; nor are from and subject, which articles
 * have.
 */
const opensHeader = (lines: string[], at: number): boolean =>
  headerFrom.test(lines[at] ?? '') &&
  lines.slice(at + 1, at + 4).some(line => headerMore.test(line)) &&
  lines.slice(at + 1, at + longestHeader).some(line => headerSubject.test(line));

/** Whether the lines begin with a header as Outlook puts it above a quote: from, date, to, subject. */
export const isHeader = (lines: string[]): boolean => opensHeader(lines, 0);

/** The line above a signature or a list's footer. */
const footer = /^(?:-- ?$|[-_=*]{5})/;

const isQuoted = (line: string) => /^\s*>/.test(line);

/** Whether the answer stands below a quote with ">" under a header, after a blank line. */
const isAnsweredBelow = (lines: string[], header: number): boolean => {
  const end = lines.findIndex((line, at) => at > header && !line.trim());
  const first = end < 0 ? undefined : lines.slice(end).find(line => line.trim());
  if (!first || !isQuoted(first)) return false;
  const below = lines.slice(lines.findLastIndex(isQuoted) + 1);
  const word = below[0]?.trim() ? undefined : below.find(line => line.trim());
  return word !== undefined && !footer.test(word);
};

/** Index of the first line of the quote at the end; -1 when there is none. A quote with an answer below it doesn't count. */
const quoteStart = (lines: string[]): number => {
  const outlook = lines.findIndex(
    (line, at) => (separator.test(line.trim()) && opensHeader(lines, at + 1)) || opensHeader(lines, at),
  );
  if (outlook >= 0) return isAnsweredBelow(lines, outlook) ? -1 : outlook;
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

/** Splits a plain text into its own part and the quote at its end. A text that is nothing but a quote stays whole. */
export const splitQuote = (text: string): Split => {
  const lines = text.split('\n');
  const at = quoteStart(lines);
  const body = at < 0 ? text : lines.slice(0, at).join('\n').trimEnd();
  return at <= 0 || !body.trim() ? { body: text, quote: '' } : { body, quote: lines.slice(at).join('\n') };
};
