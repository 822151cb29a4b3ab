import type { Models } from '../../../models/index.ts';
import type { TimelineDoc } from '../../../models/timeline.ts';
import { may } from '../../access/may.ts';
import type { Principal } from '../../access/principal.ts';
import { timelineCounts as countEntries } from '../../read/counts.ts';
import { type Cursor, decodeCursor, encodeCursor } from '../../read/cursor.ts';
import { entryView } from '../../read/entry-view.ts';
import { type Family, familyOf } from '../../read/family.ts';
import { boundsOf, type EntryFilter, findEntry, timelinePage as pageOfEntries } from '../../read/timeline.ts';
import { NotInRegister } from '../../register/errors.ts';
import { always, ifBody, ifMissing, ifQuery, json } from '../answers.ts';
import { type Call, call, ok } from '../call.ts';
import type { HttpDeps } from '../deps.ts';
import { disclose } from '../disclose.ts';
import {
  linkInput,
  type TimelineFilter,
  timelineCounts,
  timelineEntry,
  timelineFilter,
  timelinePage,
  timelineQuery,
} from '../dto/timeline.ts';
import { badField, notFound } from '../problem.ts';

const tag = 'Timelines';

const filterOf = ({ channel, direction, files, from, to }: TimelineFilter, zone: string): EntryFilter => ({
  channel,
  direction,
  files: files === undefined ? undefined : files === 'true',
  ...boundsOf({ from, to }, zone),
});

const pageView = (page: { entries: TimelineDoc[]; next: Cursor | null }, contact?: string) => ({
  items: page.entries.map(entry => entryView(entry, contact ?? entry.contact)),
  next: page.next && encodeCursor(page.next),
});

const presentFamily = async (models: Models, id: string): Promise<Family> => {
  const family = await familyOf(models, id);
  if (!family) throw notFound();
  return family;
};

type Page = Awaited<ReturnType<typeof pageOfEntries>>;

/**
 * A page of a contact's timeline. The contact's family, the page and the access-log row are requested at once: nearly every contact has no merged ones, and
 * then the page is right. For others it is read again, for all of them.
 */
const readTimeline = async (
  { models, zone, access: { log } }: HttpDeps,
  who: Principal,
  id: string,
  { limit, before, ...filter }: TimelineFilter & { limit: number; before?: string | undefined },
) => {
  const at = { limit, before: decodeCursor(before) };
  const entries = (contacts: string[]): Promise<Page> =>
    pageOfEntries(models, { contacts, accounts: who.accounts }, filterOf(filter, zone), at);
  const work = async () => {
    const [family, alone] = await Promise.all([presentFamily(models, id), entries([id])]);
    if (family.id !== id) await log.record(who, { action: 'timeline:read', contact: family.id });
    return pageView(family.ids.length === 1 ? alone : await entries(family.ids), family.id);
  };
  return disclose(log, who, { action: 'timeline:read', contact: id }, work);
};

/** Links an entry. An unknown contact is a fault of the body (422) here, not of the address. */
const linkTo = async (
  { link }: HttpDeps,
  entry: string,
  contact: string | null,
  who: string,
): Promise<TimelineDoc | null> =>
  link(entry, contact, who).catch(error => {
    throw error instanceof NotInRegister ? badField('/contact', 'there is no such contact') : error;
  });

const contactTimelineCalls = (deps: HttpDeps): Call[] => [
  call({
    method: 'get',
    path: '/contacts/{id}/timeline',
    tag,
    summary: "A contact's timeline over all channels, newest first",
    action: 'timeline:read',
    query: timelineQuery,
    answers: { 200: json('A page of entries', timelinePage), ...always, ...ifMissing, ...ifQuery },
    handle: async ({ who, params: { id = '' }, query }) => ok(await readTimeline(deps, who, id, query)),
  }),
  call({
    method: 'get',
    path: '/contacts/{id}/timeline/counts',
    tag,
    summary: 'How many entries there are by channel, direction and files, up to 10,000 of each',
    action: 'timeline:read',
    query: timelineFilter,
    answers: { 200: json('Counts', timelineCounts), ...always, ...ifMissing, ...ifQuery },
    handle: async ({ who, params: { id = '' }, query }) => {
      const counts = async () => {
        const { id: shown, ids } = await presentFamily(deps.models, id);
        if (shown !== id) await deps.access.log.record(who, { action: 'timeline:counts', contact: shown });
        return countEntries(deps.models, { contacts: ids, accounts: who.accounts }, filterOf(query, deps.zone));
      };
      return ok(await disclose(deps.access.log, who, { action: 'timeline:counts', contact: id }, counts));
    },
  }),
];

const unlinkedCalls = (deps: HttpDeps): Call[] => [
  call({
    method: 'get',
    path: '/unlinked',
    tag,
    summary: 'Entries that belong to no contact, with the reason, newest first',
    action: 'timeline:read',
    query: timelineQuery,
    answers: { 200: json('A page of entries', timelinePage), ...always, ...ifQuery },
    handle: async ({ who, query: { limit, before, ...filter } }) => {
      const at = { limit, before: decodeCursor(before) };
      const whose = { contacts: null, accounts: who.accounts };
      return ok(
        await disclose(deps.access.log, who, { action: 'unlinked:read' }, async () =>
          pageView(await pageOfEntries(deps.models, whose, filterOf(filter, deps.zone), at)),
        ),
      );
    },
  }),
  call({
    method: 'get',
    path: '/unlinked/counts',
    tag,
    summary: 'How many entries belong to no contact, up to 10,000 of each kind; nothing of what is in them',
    action: 'timeline:read',
    query: timelineFilter,
    answers: { 200: json('Counts', timelineCounts), ...always, ...ifQuery },
    handle: async ({ who, query }) =>
      ok(await countEntries(deps.models, { contacts: null, accounts: who.accounts }, filterOf(query, deps.zone))),
  }),
  call({
    method: 'put',
    path: '/timeline/{id}/contact',
    tag,
    summary: 'Links an entry to a contact, or (null) to none; its retention tag is stamped anew',
    action: 'timeline:link',
    body: linkInput,
    answers: { 200: json('The entry, whose id is another then', timelineEntry), ...always, ...ifMissing, ...ifBody },
    handle: async ({ who, params: { id = '' }, body }) => {
      const entry = await findEntry(deps.models, id);
      if (!entry || !may(who, 'timeline:link', entry)) throw notFound();
      const { contact, interaction } = entry;
      // logged before the change: after it the entry has another id, so a failed log could not be made up for
      await deps.access.log.record(who, { action: 'timeline:link', contact: body.contact ?? contact, interaction });
      const linked = await linkTo(deps, id, body.contact, who.id);
      if (!linked) throw notFound();
      return ok(entryView(linked));
    },
  }),
];

/** Calls for timelines and entries without a contact. */
export const timelineCalls = (deps: HttpDeps): Call[] => [...contactTimelineCalls(deps), ...unlinkedCalls(deps)];
