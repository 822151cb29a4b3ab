import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A command that a client gave. */
export interface Command {
  /** Unix time in ms, the mail server's clock */
  at: number;
  /** in capitals; UID commands with what they do: `UID FETCH` */
  name: string;
  line: string;
}

/** One signed-in IMAP connection as the server saw it. */
export interface Session {
  commands: Command[];
  /** bytes that the server sent */
  bytes: number;
}

const commandsIn = (log: string): Command[] =>
  log.split('\n').flatMap(line => {
    const [, seconds, name] = /^(\d+\.\d+) \S+ ((?:UID )?[A-Z]+)/i.exec(line) ?? [];
    return seconds && name ? [{ at: Number(seconds) * 1000, name: name.toUpperCase(), line }] : [];
  });

/** What Dovecot wrote of each connection into its `rawlog_dir`, each line with its time. */
export const readSessions = async (folder: string): Promise<Session[]> => {
  const names = (await readdir(folder)).filter(name => name.endsWith('.in'));
  return Promise.all(
    names.map(async name => {
      const said = await readFile(join(folder, name), 'utf8');
      const answered = await readFile(join(folder, name.replace(/in$/, 'out')));
      return { commands: commandsIn(said), bytes: answered.length };
    }),
  );
};
