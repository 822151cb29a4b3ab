import { plainFile, type SampleFile } from './file.ts';

const stamp = (date: Date): string => `${date.toISOString().replace(/[-:]/g, '').slice(0, 15)}Z`;
const escaped = (text: string): string => text.replace(/[\\;,]/g, '\\$&');

export interface Meeting {
  uid: string;
  made: Date;
  start: Date;
  end: Date;
  summary: string;
  place: string;
  organiser: string;
  method?: 'REQUEST' | 'PUBLISH' | 'CANCEL';
}

/** One event as iCalendar text (RFC 5545) with CRLF. */
export const calendarText = (meeting: Meeting): string =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Varaamo//Bookings//EN',
    `METHOD:${meeting.method ?? 'REQUEST'}`,
    'BEGIN:VEVENT',
    `UID:${meeting.uid}`,
    `DTSTAMP:${stamp(meeting.made)}`,
    `DTSTART:${stamp(meeting.start)}`,
    `DTEND:${stamp(meeting.end)}`,
    `SUMMARY:${escaped(meeting.summary)}`,
    `LOCATION:${escaped(meeting.place)}`,
    `ORGANIZER:mailto:${meeting.organiser}`,
    'STATUS:CONFIRMED',
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ].join('\r\n');

/** A calendar file. */
export const icsFile = (name: string, meeting: Meeting): SampleFile =>
  plainFile(name, `text/calendar; method=${meeting.method ?? 'REQUEST'}`, Buffer.from(calendarText(meeting), 'utf8'));

const cell = (value: string | number): string => {
  const text = String(value);
  return /[";\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
};

/** A table as CSV with semicolons and a byte order mark, as spreadsheets of the region write it. */
export const csvFile = (name: string, rows: readonly (readonly (string | number)[])[]): SampleFile =>
  plainFile(
    name,
    'text/csv',
    Buffer.from(`\ufeff${rows.map(row => row.map(cell).join(';')).join('\r\n')}\r\n`, 'utf8'),
  );
