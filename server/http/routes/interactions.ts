import type { InteractionDoc } from '../../../models/interactions.ts';
import type { SightingDoc } from '../../../models/sightings.ts';
import type { Principal } from '../../access/principal.ts';
import { canAnswer } from '../../capture/answers.ts';
import { originalBytes, partBytes } from '../../read/bytes.ts';
import { decodeCursor, encodeCursor } from '../../read/cursor.ts';
import { interactionItems, interactionsPage, interactionView, sightingsOf } from '../../read/interactions.ts';
import { messagesPage } from '../../read/messages.ts';
import { visibleOriginals } from '../../read/visible.ts';
import { always, bytes, ifMissing, ifQuery, json } from '../answers.ts';
import { sendBytes } from '../bytes.ts';
import { type Call, call, ok } from '../call.ts';
import type { HttpDeps } from '../deps.ts';
import { disclose } from '../disclose.ts';
import { pageQuery } from '../dto/common.ts';
import { interaction, interactionPage, interactionQuery, messagePage, rawQuery } from '../dto/interactions.ts';
import { presentInteraction } from '../present.ts';
import { notFound } from '../problem.ts';

const tag = 'Interactions';

/** The accounts that a list is limited to: those that `who` may see, or the requested one if it is among them. Null: all. */
const accountsFor = (who: Principal, account: string | undefined): readonly string[] | null => {
  if (account === undefined) return who.accounts;
  return who.accounts === null || who.accounts.includes(account) ? [account] : [];
};

/** An interaction with its sightings, of which bytes are to be sent: only once the read is in the access log. */
const withSightings = async (
  deps: HttpDeps,
  who: Principal,
  id: string,
  action: string,
): Promise<{ doc: InteractionDoc; sightings: SightingDoc[] }> => {
  const doc = await presentInteraction(deps, who, 'interactions:read', id);
  const sightings = await disclose(deps.access.log, who, { action, interaction: id }, () =>
    sightingsOf(deps.models, id),
  );
  return { doc, sightings };
};

const sayingCalls = (deps: HttpDeps): Call[] => [
  call({
    method: 'get',
    path: '/interactions',
    tag,
    summary: 'Interactions, newest captured first, without text and html',
    action: 'interactions:read',
    query: interactionQuery,
    answers: { 200: json('A page of interactions', interactionPage), ...always, ...ifQuery },
    handle: async ({ who, query: { limit, before, account, channel } }) => {
      const at = { limit, before: decodeCursor(before) };
      const accounts = accountsFor(who, account);
      const list = async () => {
        const { docs, next } = await interactionsPage(deps.models, { accounts, channel }, at);
        return { items: await interactionItems(deps, docs, who.accounts), next: next && encodeCursor(next) };
      };
      return ok(await disclose(deps.access.log, who, { action: 'interactions:list' }, list));
    },
  }),
  call({
    method: 'get',
    path: '/interactions/{id}',
    tag,
    summary: 'One interaction with all that it says',
    action: 'interactions:read',
    answers: { 200: json('The interaction', interaction), ...always, ...ifMissing },
    handle: async ({ who, params: { id = '' } }) => {
      const doc = await presentInteraction(deps, who, 'interactions:read', id);
      return ok(
        await disclose(deps.access.log, who, { action: 'interactions:read', interaction: id }, async () => ({
          ...(await interactionView(deps, doc, who.accounts)),
          canAnswer: canAnswer(deps.connectors, doc),
        })),
      );
    },
  }),
];

const messageCalls = (deps: HttpDeps): Call[] => [
  call({
    method: 'get',
    path: '/interactions/{id}/messages',
    tag,
    summary: "A chat's messages, newest first",
    action: 'interactions:read',
    query: pageQuery,
    answers: { 200: json('A page of messages', messagePage), ...always, ...ifMissing, ...ifQuery },
    handle: async ({ who, params: { id = '' }, query }) => {
      await presentInteraction(deps, who, 'interactions:read', id);
      return ok(
        await disclose(deps.access.log, who, { action: 'interactions:read', interaction: id }, () =>
          messagesPage(deps, id, query),
        ),
      );
    },
  }),
];

const byteCalls = (deps: HttpDeps): Call[] => [
  call({
    method: 'get',
    path: '/interactions/{id}/parts/{n}',
    tag,
    summary: 'A file of an interaction, decoded; Range is honoured',
    action: 'interactions:read',
    answers: { ...bytes, ...always, ...ifMissing },
    handle: async ({ who, params: { id = '', n = '' }, req, res }) => {
      const { doc, sightings } = await withSightings(deps, who, id, 'interactions:part');
      const part = doc.parts.find(candidate => String(candidate.n) === n);
      const originals = visibleOriginals(who.accounts, doc, sightings);
      const found = part && (await partBytes(deps, doc, part, originals[0]));
      if (!found) throw notFound();
      return sendBytes(req, res, found);
    },
  }),
  call({
    method: 'get',
    path: '/interactions/{id}/raw',
    tag,
    summary: 'The original, byte for byte as its source held it; Range is honoured',
    action: 'interactions:read',
    query: rawQuery,
    answers: { ...bytes, ...always, ...ifMissing, ...ifQuery },
    handle: async ({ who, params: { id = '' }, query: { sha256 }, req, res }) => {
      const { doc, sightings } = await withSightings(deps, who, id, 'interactions:original');
      const originals = visibleOriginals(who.accounts, doc, sightings);
      const [first] = doc.original ? originals : [];
      const original = sha256 === undefined ? first : originals.find(one => one.sha256 === sha256);
      const found = original && (await originalBytes(deps, id, original));
      if (!found) throw notFound('There is no such original, or you may not see it.');
      return sendBytes(req, res, found);
    },
  }),
];

/** Calls for interactions, their messages and files. */
export const interactionCalls = (deps: HttpDeps): Call[] => [
  ...sayingCalls(deps),
  ...messageCalls(deps),
  ...byteCalls(deps),
];
