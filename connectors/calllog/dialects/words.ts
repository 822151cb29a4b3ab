import type { ReadingConfig } from '../config.ts';
import type { Cdr } from '../types.ts';

type Direction = NonNullable<Cdr['direction']>;

const YES =
  /^(y(es)?|true|1|t|ok|answer(ed)?|accepted|completed|(call )?connected|success(ful)?|k(yllä)?|vastattu|ja|angenommen|beantwortet|svarat|besvara[dt])$/;
const NO = new RegExp(
  `^(${[
    'no?|false|0|f|-|no[ _-]?answer|un-?answered|not answered|missed|busy|abandoned|rejected|declined|congestion',
    '(call )?(failed|cancel(l?ed)?)',
    'ei|ei (vastattu|vastausta|vastannut)|vastaamaton|vastaamatta|varattu|hylätty|peruttu',
    'nein|verpasst(er)?|besetzt|(nicht|un-?) ?(angenommen|beantwortet)|keine antwort|abgelehnt|abgewiesen|abgebrochen',
    'nej|obesvara[dt]|(ej|inte) (svar|svarat|besvara[dt])|inget svar|missa[dt]|upptage[nt]|avvisa[dt]',
  ].join('|')})$`,
);
/** Call lists that have "missed" and the like in the column for the direction, beside incoming and outgoing. */
const MISSED =
  /^(missed|rejected|declined|blocked|voice ?mail|vastaamaton|vastaamatta( jäänyt)?|hylätty|verpasst(er)?|abgelehnt(er)?|abgewiesen(er)?|missa[dt]|avvisa[dt])$/;
const DIRECTIONS: readonly [RegExp, Direction][] = [
  [
    /^(in|inbound|incoming|received|saapu(va|nut)|sisään(tuleva)?|tuleva|tullut|vastaanotettu|(ein|an)(gehend|kommend|gegangen)(er?)?|inkommande|mottage[nt]|i)$/,
    'inbound',
  ],
  [
    /^(out|outbound|outgoing|dialed|dialled|placed|lähte(vä|nyt)|ulos|soitettu|(aus|ab)(gehend|gegangen)(er?)?|gewählt|utgående|uppring[dt]|o)$/,
    'outbound',
  ],
  [/^(int|internal|local|sisäinen|intern(er?|t)?)$/, 'internal'],
  [MISSED, 'inbound'],
];

/** In lower case, without the noun of 'Outgoing Call', 'Lähtevä puhelu', 'Utgående samtal'. */
const bare = (text: string): string =>
  text
    .trim()
    .toLowerCase()
    .replace(/ (calls?|puhelu|samtal|anruf|gespräch)$/, '');

/** Direction by the word for it, the account's own words first; undefined when the word isn't known. */
export const directionOf = (text: string, { directionWords = {} }: ReadingConfig): Direction | undefined => {
  const given = text.trim().toLowerCase();
  const own = (['inbound', 'outbound', 'internal'] as const).find(direction =>
    directionWords[direction]?.some(word => word.trim().toLowerCase() === given),
  );
  return own ?? DIRECTIONS.find(([is]) => is.test(bare(text)))?.[1];
};

/**
 * Whether a call was answered: by the word for it, else by its talk time (seconds), else by the word for its direction ("missed"); undefined when none of them
 * tells.
 */
export const answeredOf = (text: string, talk: number | undefined, direction: string): boolean | undefined => {
  const word = bare(text);
  if (YES.test(word)) return true;
  if (NO.test(word)) return false;
  if (talk !== undefined) return talk > 0;
  return MISSED.test(bare(direction)) ? false : undefined;
};
