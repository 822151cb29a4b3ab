import { z } from 'zod';
import { words } from '../fields.ts';
import type { Person, Recognise } from '../people.ts';

const profile = z.looseObject({ real_name: words, display_name: words, name: words, email: words, phone: words });
const user = z.looseObject({
  id: z.string(),
  name: words,
  real_name: words,
  is_bot: z.boolean().nullish(),
  profile: profile.nullish(),
});
/** Of channels.json, groups.json, dms.json and mpims.json. */
const channel = z.looseObject({ id: z.string(), name: words, members: z.array(z.string()).nullish() });

export const userProfile = profile;
export interface Channel {
  id: string;
  name: string | null;
  members: string[];
}

/** Those of a list that have the right shape. */
const all = <T>(schema: z.ZodType<T>, value: unknown): T[] =>
  Array.isArray(value) ? value.flatMap(one => schema.safeParse(one).data ?? []) : [];

/** Slack's own helper, of which no list says that it is a bot. */
export const SLACKBOT = 'USLACKBOT';

/** A user by what users.json says, or by what a message says of who wrote it. A number in a profile is entered by its owner, and may be the company's. */
export const slackPerson = (
  recognise: Recognise,
  id: string,
  { real_name: real, display_name: shown, name, email, phone }: z.output<typeof profile>,
): Person =>
  recognise({ names: [shown || real || name, real, name], email, id, enteredPhone: phone, isAgent: id === SLACKBOT });

export const usersIn = (value: unknown, recognise: Recognise): Map<string, Person> =>
  new Map(
    all(user, value).map(({ id, name, real_name: real, is_bot: isBot, profile: more }) => {
      const person = slackPerson(recognise, id, { name, real_name: real, ...more });
      return [id, isBot ? { ...person, isAgent: true } : person];
    }),
  );

/** By the name of their folder. */
export const channelsIn = (value: unknown): Map<string, Channel> =>
  new Map(
    all(channel, value).map(({ id, name, members }) => [
      name || id,
      { id, name: name ?? null, members: members ?? [] },
    ]),
  );
