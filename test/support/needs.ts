import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Context, Runnable } from 'mocha';

/** What a test may need and this machine may lack: where it can be, and what to install. */
const parts = {
  dovecot: { names: ['dovecot'], install: 'apt-get install dovecot-imapd' },
  chromium: { names: ['chromium', 'chromium-browser', 'google-chrome'], install: 'apt-get install chromium' },
  openssl: { names: ['openssl'], install: 'apt-get install openssl' },
} as const;

export type Part = keyof typeof parts;

const folders = () => [
  ...(process.env.PATH ?? '').split(delimiter),
  '/usr/sbin',
  '/usr/local/sbin',
  '/opt/homebrew/sbin',
];

/** Absolute path of a part's program, or undefined. */
export const locate = (part: Part): string | undefined =>
  folders()
    .flatMap(folder => parts[part].names.map(name => join(folder, name)))
    .find(path => existsSync(path));

/** The tests that a skip concerns: the running one, or all of the suite whose before hook asks. */
const concerned = ({ test }: Context): Runnable[] => {
  if (!test) return [];
  if ((test as Runnable & { type: string }).type !== 'hook') return [test];
  const all: Runnable[] = [];
  test.parent?.eachTest(each => void all.push(each));
  return all;
};

/** In a before hook or a test: skips it, by name and with the reason, when a part is missing; with CI=true it fails instead. */
export const needs = (context: Context, ...wanted: Part[]): void => {
  const missing = wanted.filter(part => !locate(part));
  if (!missing.length) return;
  const reason = missing.map(part => `${part} is not installed (${parts[part].install})`).join('; ');
  if (process.env.CI === 'true') throw new Error(`With CI=true nothing may be skipped: ${reason}`);
  for (const test of concerned(context)) test.title += ` [skipped: ${reason}]`;
  context.skip();
};
