const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
/** German and Swedish months whose first three letters aren't those of the English. */
const OTHERS: Readonly<Record<string, number>> = { mär: 3, mrz: 3, mai: 5, maj: 5, okt: 10, dez: 12 };
const FINNISH_WORD = /^(tammi|helmi|maalis|huhti|touko|kesä|heinä|elo|syys|loka|marras|joulu)(k|kuu\p{L}*)?$/iu;
const FINNISH = ['tam', 'hel', 'maa', 'huh', 'tou', 'kes', 'hei', 'elo', 'syy', 'lok', 'mar', 'jou'];

const HALVES: readonly [RegExp, string][] = [
  [/\b(a\.m\.?|vorm\.|fm|ap\.)(?!\p{L})/giu, 'am'],
  [/\b(p\.m\.?|nachm\.|em|ip\.)(?!\p{L})/giu, 'pm'],
];
const WEEKDAY = /^(mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+/i;
const DAY_FIRST = /^(\d{1,2})(?:[-/]|\.?\s*)(\p{L}{3,12})\.?(?:[-/,]|\s)\s*(\d{4}|\d{2})(?!\d)/u;
const MONTH_FIRST = /^(\p{L}{3,12})\.?\s+(\d{1,2}),?\s+(\d{4})(?!\d)/u;

/** Number of a month (from 1); undefined when it isn't known. Finnish is tried as a whole word: 'marraskuuta' (November) begins as 'March' does. */
const monthOf = (word: string): number | undefined => {
  const begin = word.toLowerCase().slice(0, 3);
  const at = (FINNISH_WORD.test(word) ? FINNISH : MONTHS).indexOf(begin);
  return at < 0 ? OTHERS[begin] : at + 1;
};

const dated = (text: string): string => {
  const [first, second] = [DAY_FIRST.exec(text), MONTH_FIRST.exec(text)];
  const [whole = '', day, word = '', year] = first ?? [second?.[0], second?.[2], second?.[1], second?.[3]];
  const month = monthOf(word);
  return month === undefined ? text : `${day}.${month}.${year}${text.slice(whole.length)}`;
};

/** Rewrites a time with words into figures, with am or pm at most: '20. marraskuuta 2026 klo 10.00', '20-Nov-2026', '10:00 Uhr', '1:30 p.m.'. */
export const withoutWords = (text: string): string => {
  if (!/\p{L}{2}|\.m/iu.test(text)) return text;
  const halved = HALVES.reduce((told, [word, half]) => told.replace(word, half), text);
  return dated(halved.replace(WEEKDAY, ''))
    .replace(/\b(klo|kello|kl|at|um)\.?(?=\s|\d)/giu, ' ')
    .replace(/\s+uhr$/i, '')
    .trim();
};
