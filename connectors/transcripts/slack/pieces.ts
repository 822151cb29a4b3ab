import { type Archive, baseName, type Entry, faultIn, readWhole } from '../files/archive.ts';
import { failedFile } from '../files/failed.ts';
import type { Piece } from '../files/pieces.ts';
import type { Person, Recognise } from '../people.ts';
import { dayPieces, type Workspace } from './day.ts';
import { type Channel, channelsIn, usersIn } from './users.ts';

/** A day of a busy channel has some megabytes. */
const LONGEST = 64 * 2 ** 20;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const LISTS = ['channels.json', 'groups.json', 'dms.json', 'mpims.json'];

const parse = async (entry: Entry): Promise<unknown> => {
  if (entry.size > LONGEST || (await faultIn(entry))) return undefined;
  const bytes = await readWhole(entry);
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
};

/** How far the files of an export lie below the outermost folder of the archive. */
const rootOf = ({ entries }: Archive): string => {
  const users = entries.find(({ name }) => baseName(name) === 'users.json');
  const list = users ?? entries.find(({ name }) => LISTS.includes(baseName(name)));
  return list ? list.name.slice(0, -baseName(list.name).length) : '';
};

const isList = ({ name }: Entry, root: string): boolean => ['users.json', ...LISTS].includes(name.slice(root.length));

const workspaceOf = async (
  { entries }: Archive,
  root: string,
  recognise: Recognise,
): Promise<Workspace & { channels: Map<string, Channel> }> => {
  const channels = new Map<string, Channel>();
  let users = new Map<string, Person>();
  for (const entry of entries) {
    const name = entry.name.slice(root.length);
    if (name === 'users.json') users = usersIn(await parse(entry), recognise);
    if (!LISTS.includes(name)) continue;
    for (const [folder, channel] of channelsIn(await parse(entry))) channels.set(folder, channel);
  }
  return { users, recognise, channels };
};

const stem = (name: string): string => baseName(name).replace(/\.json$/i, '');

const isDay = ({ name }: Entry): boolean => /\.json$/i.test(name) && DATE.test(stem(name));

/** Whether an archive or folder is an export of Slack. */
export const isSlackExport = ({ entries }: Archive): boolean =>
  entries.some(({ name }) => baseName(name) === 'channels.json' || baseName(name) === 'users.json') &&
  entries.some(isDay);

const folderOf = (name: string): string => name.split('/').at(-2) ?? '';

async function* dayFile(entry: Entry, channel: Channel | null, workspace: Workspace): AsyncGenerator<Piece> {
  const messages = await parse(entry);
  if (Array.isArray(messages)) yield* dayPieces({ date: stem(entry.name), channel, messages }, workspace);
  else yield async () => ({ failed: [await failedFile(entry, 'It is no list of messages in JSON, or over 64 MB.')] });
}

/** A whole export: channel by channel, day by day. */
export async function* slackPieces(archive: Archive, recognise: Recognise): AsyncGenerator<Piece> {
  const root = rootOf(archive);
  const workspace = await workspaceOf(archive, root, recognise);
  for (const entry of archive.entries.filter(one => isList(one, root)))
    if ((await parse(entry)) === undefined)
      yield async () => ({ failed: [await failedFile(entry, 'It is no list of people or channels in JSON.')] });
  const days = archive.entries.filter(one => one.name.startsWith(root) && isDay(one));
  days.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of days) {
    const folder = folderOf(entry.name);
    const channel = workspace.channels.get(folder) ?? { id: folder, name: folder, members: [] };
    yield* dayFile(entry, channel, workspace);
  }
}

/** One day's file by itself: who wrote is known as far as the messages say it. */
export const slackDay = (entry: Entry, recognise: Recognise): AsyncGenerator<Piece> =>
  dayFile(entry, null, { users: new Map(), recognise });
