/** The few lines of an iCalendar object (RFC 5545) that tell people what it is about. */

const METHODS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    REQUEST: 'Invitation',
    REPLY: 'Answer to an invitation',
    CANCEL: 'Cancelled event',
    COUNTER: 'Counter-proposal',
    PUBLISH: 'Event',
    REFRESH: 'Request for an event',
    ADD: 'Further event',
    DECLINECOUNTER: 'Counter-proposal declined',
  }),
);
const ANSWERS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ACCEPTED: 'accepted',
    DECLINED: 'declined',
    TENTATIVE: 'accepted tentatively',
    DELEGATED: 'delegated',
  }),
);
const MAX_DESCRIPTION = 4000;

interface Line {
  name: string;
  params: string;
  value: string;
}

const unescaped = (value: string): string =>
  value.replace(/\\([\\;,nN])/g, (_, char) => (char === 'n' || char === 'N' ? '\n' : char));

const readLines = (text: string): Line[] =>
  text
    .replace(/\r?\n[ \t]/g, '')
    .split(/\r?\n/)
    .flatMap(line => {
      const match = /^([A-Za-z-]+)((?:;[^:"]*(?:"[^"]*"[^:"]*)*)?):(.*)$/.exec(line);
      return match ? [{ name: (match[1] as string).toUpperCase(), params: match[2] ?? '', value: match[3] ?? '' }] : [];
    });

/** `20261123T100000Z` → `2026-11-23 10:00 UTC`; a zone named beside it is kept. */
const when = ({ params, value }: Line): string => {
  const match = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})\d{2}(Z)?)?/.exec(value);
  if (!match) return value;
  const [, year, month, day, hour, minute, utc] = match;
  const zone = utc ? ' UTC' : (/TZID="?([^";:]+)/i.exec(params)?.[1] ?? '');
  return `${year}-${month}-${day}${hour ? ` ${hour}:${minute}` : ''}${zone && !utc ? ` (${zone})` : zone}`;
};

const person = ({ params, value }: Line): string => {
  const name = /CN="?([^";:]+)/i.exec(params)?.[1];
  const address = value.replace(/^mailto:/i, '');
  return name && name !== address ? `${name} <${address}>` : address;
};

const eventLines = (lines: Line[]): Line[] => {
  const start = lines.findIndex(line => line.name === 'BEGIN' && /^V(?:EVENT|TODO|JOURNAL)$/i.test(line.value));
  const end = lines.findIndex(
    (line, i) => i > start && line.name === 'END' && /^V(?:EVENT|TODO|JOURNAL)$/i.test(line.value),
  );
  return start < 0 ? [] : lines.slice(start + 1, end < 0 ? undefined : end);
};

/** A summary of the first event, one fact a line; undefined when the text holds none. */
export const summariseCalendar = (text: string): string | undefined => {
  const lines = readLines(text);
  const event = eventLines(lines);
  if (event.length === 0) return undefined;
  const find = (name: string) => event.find(line => line.name === name);
  const method = METHODS.get(lines.find(line => line.name === 'METHOD')?.value.toUpperCase() ?? '') ?? 'Event';
  const [summary, start, end, place, organizer, description] = [
    'SUMMARY',
    'DTSTART',
    'DTEND',
    'LOCATION',
    'ORGANIZER',
    'DESCRIPTION',
  ].map(find);
  const attendees = event.filter(line => line.name === 'ATTENDEE');
  const answer = ANSWERS.get(
    /PARTSTAT=([A-Z-]+)/i.exec(attendees.length === 1 ? (attendees[0]?.params ?? '') : '')?.[1]?.toUpperCase() ?? '',
  );
  const facts = [
    `${method}: ${summary ? unescaped(summary.value) : 'without a title'}`,
    start && `Start: ${when(start)}`,
    end && `End: ${when(end)}`,
    place?.value && `Place: ${unescaped(place.value)}`,
    organizer && `Organizer: ${person(organizer)}`,
    answer && `${person(attendees[0] as Line)} has ${answer}.`,
    description?.value && `\n${unescaped(description.value).slice(0, MAX_DESCRIPTION)}`,
  ];
  return facts.filter(Boolean).join('\n');
};
