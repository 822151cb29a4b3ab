import { type Archive, baseName, type Entry, faultIn, readWhole } from '../files/archive.ts';
import { closingRowOf } from '../files/closing.ts';
import { failedFile } from '../files/failed.ts';
import type { Piece } from '../files/pieces.ts';
import type { Person, Recognise } from '../people.ts';
import { dayPieces, type Workspace } from './day.ts';
import { makeOwnKeys } from './own-keys.ts';
import { type Channel, channelsIn, usersIn } from './users.ts';

/** A day of a busy channel has some megabytes. */
const LONGEST = 64 * 2 ** 20;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
/** The second one is of organisations with several workspaces. */
const PEOPLE = ['users.json', 'org_users.json'];
const LISTS = ['channels.json', 'groups.json', 'dms.json', 'mpims.json'];
/** Which apps were installed when, and by whom: no messages. */
const LOG = 'integration_logs.json';

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
  const find = (names: readonly string[]) => entries.find(({ name }) => names.includes(baseName(name)));
  const list = find(PEOPLE) ?? find(LISTS);
  return list ? list.name.slice(0, -baseName(list.name).length) : '';
};

const isList = ({ name }: Entry, root: string): boolean => [...PEOPLE, ...LISTS].includes(name.slice(root.length));

const workspaceOf = async (
  { entries }: Archive,
  root: string,
  recognise: Recognise,
): Promise<Workspace & { channels: Map<string, Channel> }> => {
  const channels = new Map<string, Channel>();
  const users = new Map<string, Person>();
  for (const entry of entries) {
    const name = entry.name.slice(root.length);
    if (PEOPLE.includes(name)) for (const [id, user] of usersIn(await parse(entry), recognise)) users.set(id, user);
    if (!LISTS.includes(name)) continue;
    for (const [folder, channel] of channelsIn(await parse(entry))) channels.set(folder, channel);
  }
  return { users, recognise, channels, ownKey: makeOwnKeys() };
};

const stem = (name: string): string => baseName(name).replace(/\.json$/i, '');

const isDay = ({ name }: Entry): boolean => /\.json$/i.test(name) && DATE.test(stem(name));

/** Whether an archive or folder is an export of Slack. */
export const isSlackExport = ({ entries }: Archive): boolean =>
  entries.some(({ name }) => ['channels.json', ...PEOPLE].includes(baseName(name))) && entries.some(isDay);

const folderOf = (name: string): string => name.split('/').at(-2) ?? '';

async function* dayFile(entry: Entry, channel: Channel | null, workspace: Workspace): AsyncGenerator<Piece> {
  const messages = await parse(entry);
  if (Array.isArray(messages))
    yield* closingRowOf(entry, dayPieces({ date: stem(entry.name), channel, messages }, workspace));
  else yield async () => ({ failed: [await failedFile(entry, 'It is no list of messages in JSON, or over 64 MB.')] });
}

const NO_PART = 'It belongs to no message: the export of Slack names no such file.';

/** A whole export: channel by channel, day by day. All that lies in its folder is `used`: read, or said to be no part of it. */
export async function* slackPieces(archive: Archive, recognise: Recognise, used: Set<Entry>): AsyncGenerator<Piece> {
  const root = rootOf(archive);
  const workspace = await workspaceOf(archive, root, recognise);
  const own = archive.entries.filter(({ name }) => name.startsWith(root));
  for (const entry of own) used.add(entry);
  for (const entry of own.filter(one => isList(one, root)))
    if ((await parse(entry)) === undefined)
      yield async () => ({ failed: [await failedFile(entry, 'It is no list of people or channels in JSON.')] });
  const days = own.filter(isDay);
  days.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of days) {
    const folder = folderOf(entry.name);
    const channel = workspace.channels.get(folder) ?? { id: folder, name: folder, members: [] };
    yield* dayFile(entry, channel, workspace);
  }
  for (const entry of own)
    if (!isDay(entry) && !isList(entry, root) && entry.name !== root + LOG)
      yield async () => ({ failed: [await failedFile(entry, NO_PART)] });
}

/** One day's file by itself: who wrote is known as far as the messages say it. */
export const slackDay = (entry: Entry, recognise: Recognise): AsyncGenerator<Piece> =>
  dayFile(entry, null, { users: new Map(), recognise, ownKey: key => key });
