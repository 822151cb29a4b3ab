import { expect } from 'chai';
import fc from 'fast-check';
import { readHeader } from '../../../connectors/transcripts/whatsapp/header.ts';
import { makeDesk } from './support.ts';

describe('transcripts: what WhatsApp writes, in every form', () => {
  let desk: Awaited<ReturnType<typeof makeDesk>>;
  before(async () => {
    desk = await makeDesk();
  });
  after(() => desk.remove());

  interface Written {
    minute: number;
    author: string;
    text: string;
  }
  const two = (n: number) => String(n).padStart(2, '0');
  const half = (hour: number) => `${hour % 12 || 12}`;
  /** Each form as a phone writes it; the time is that many minutes into the year. */
  const FORMS: Record<string, { order: 'dmy' | 'mdy'; write(at: Date): [string, string] }> = {
    'Android, Finnish': {
      order: 'dmy',
      write: at => [
        `${at.getUTCDate()}.${at.getUTCMonth() + 1}.${at.getUTCFullYear()} klo ${at.getUTCHours()}.${two(at.getUTCMinutes())} - `,
        '\n',
      ],
    },
    'Android, German': {
      order: 'dmy',
      write: at => [
        `${two(at.getUTCDate())}.${two(at.getUTCMonth() + 1)}.26, ${two(at.getUTCHours())}:${two(at.getUTCMinutes())} - `,
        '\n',
      ],
    },
    'Android, US': {
      order: 'mdy',
      write: at => [
        `${at.getUTCMonth() + 1}/${at.getUTCDate()}/26, ${half(at.getUTCHours())}:${two(at.getUTCMinutes())}\u202f${at.getUTCHours() < 12 ? 'AM' : 'PM'} - `,
        '\n',
      ],
    },
    'iOS, German': {
      order: 'dmy',
      write: at => [
        `[${two(at.getUTCDate())}.${two(at.getUTCMonth() + 1)}.26, ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:00] `,
        '\r\n',
      ],
    },
    'iOS, US': {
      order: 'mdy',
      write: at => [
        `\u200e[${at.getUTCMonth() + 1}/${at.getUTCDate()}/26, ${half(at.getUTCHours())}:${two(at.getUTCMinutes())}:00\u202f${at.getUTCHours() < 12 ? 'AM' : 'PM'}] `,
        '\r\n',
      ],
    },
    'iOS, Finnish': {
      order: 'dmy',
      write: at => [
        `[${at.getUTCDate()}.${at.getUTCMonth() + 1}.2026 klo ${at.getUTCHours()}.${two(at.getUTCMinutes())}.00] `,
        '\r\n',
      ],
    },
  };
  const START = Date.UTC(2026, 0, 1);
  const line = fc
    .string({ unit: 'grapheme', maxLength: 30 })
    .map(text => text.replace(/[\r\n\u200e\u200f\ufeff]/g, ''));
  const text = fc
    .array(line, { minLength: 1, maxLength: 4 })
    .map(lines => lines.join('\n'))
    // a text that ends in white space ends there in a line of an export; one that looks like a message is one
    .filter(one => one.split('\n').every(each => readHeader(each, 'dmy') === null && readHeader(each, 'mdy') === null));
  const author = fc.constantFrom('Päivi Mäkelä', 'Olli Agentti', '+358 40 1234567', 'O’Hara, Ann (work)', '李雷');
  const messages = fc
    .array(fc.record({ minute: fc.nat(525_599), author, text }), { minLength: 1, maxLength: 20 })
    .map(all => all.sort((a, b) => a.minute - b.minute));

  for (const [name, { order, write }] of Object.entries(FORMS)) {
    it(`reads back what was written: ${name}`, () =>
      fc.assert(
        fc.asyncProperty(messages, async written => {
          const lines = written.map(({ minute, author: who, text: what }: Written) => {
            const [head, end] = write(new Date(START + minute * 60_000));
            return `${head}${who}: ${what.replaceAll('\n', end)}${end}`;
          });
          const { items, failed } = await desk.take('WhatsApp Chat with Bo.txt', lines.join(''), {
            config: { dateOrder: order, timezone: 'UTC' },
          });
          expect(failed).to.deep.equal([]);
          expect(
            items.map(({ participants, text: what, occurredAt }) => [
              participants[0]?.name,
              what,
              occurredAt.getTime(),
            ]),
          ).to.deep.equal(written.map(one => [one.author, one.text, START + one.minute * 60_000]));
          expect(new Set(items.map(({ sourceKey }) => sourceKey)).size).to.equal(written.length);
        }),
        { numRuns: 40 },
      ));
  }
});
