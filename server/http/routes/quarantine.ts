import type { QuarantineDoc } from '../../../models/quarantine.ts';
import { may } from '../../access/may.ts';
import type { Principal } from '../../access/principal.ts';
import { originalBytes } from '../../read/bytes.ts';
import { cutPage, decodeCursor, encodeCursor, olderThan } from '../../read/cursor.ts';
import { native } from '../../store/native.ts';
import { always, bytes, ifMissing, ifQuery, json } from '../answers.ts';
import { sendBytes } from '../bytes.ts';
import { type Call, call, ok } from '../call.ts';
import type { HttpDeps } from '../deps.ts';
import { disclose } from '../disclose.ts';
import {
  policyList,
  type QuarantineItem,
  type QuarantineQuery,
  quarantineItem,
  quarantinePage,
  quarantineQuery,
} from '../dto/operations.ts';
import { notFound } from '../problem.ts';

const tag = 'Quarantine';

const view = (row: QuarantineDoc): QuarantineItem => ({
  id: row._id,
  account: row.account,
  locator: row.locator,
  reason: row.reason,
  size: row.size,
  at: row.at.toISOString(),
  state: row.state,
  folder: row.sighting?.folder ?? null,
  hasBytes: row.original !== undefined && row.original !== null,
});

const present = async ({ models }: HttpDeps, who: Principal, id: string): Promise<QuarantineDoc> => {
  const row = await native(models.quarantine).findOne({ _id: id });
  if (!row || !may(who, 'quarantine:read', { accounts: [row.account] })) throw notFound();
  return row;
};

const list = async ({ models }: HttpDeps, who: Principal, { limit, before, account, state }: QuarantineQuery) => {
  const filter = {
    ...(who.accounts ? { account: { $in: [...who.accounts] } } : {}),
    ...(account === undefined ? {} : { $and: [{ account }] }),
    ...(state === undefined ? {} : { state }),
    ...olderThan('at', decodeCursor(before)),
  };
  const rows = await native(models.quarantine)
    .find(filter, { sort: { at: -1, _id: -1 }, limit: limit + 1 })
    .toArray();
  const { shown, next } = cutPage(rows, limit, ({ at, _id: id }) => encodeCursor({ at, id }));
  return { items: shown.map(view), next };
};

/** Calls for quarantine. */
export const quarantineCalls = (deps: HttpDeps): Call[] => [
  call({
    method: 'get',
    path: '/quarantine',
    tag,
    summary: 'What could not be fetched or read, newest first',
    action: 'quarantine:read',
    query: quarantineQuery,
    answers: { 200: json('A page of items', quarantinePage), ...always, ...ifQuery },
    handle: async ({ who, query }) => ok(await list(deps, who, query)),
  }),
  call({
    method: 'get',
    path: '/quarantine/{id}/raw',
    tag,
    summary: 'The bytes that there are of an item',
    action: 'quarantine:read',
    answers: { ...bytes, ...always, ...ifMissing },
    handle: async ({ who, params: { id = '' }, req, res }) => {
      const { original, account } = await present(deps, who, id);
      if (!original) throw notFound('There are no bytes of this item: it could not be fetched.');
      const read = { action: 'quarantine:raw', quarantined: { id, account } };
      const found = await disclose(deps.access.log, who, read, () => originalBytes(deps, id, original));
      if (!found) throw notFound('The bytes of this item are gone.');
      return sendBytes(req, res, found);
    },
  }),
  call({
    method: 'post',
    path: '/quarantine/{id}/replay',
    tag,
    summary: 'Tries to capture an item once more; `state` and `reason` say how that went',
    action: 'quarantine:replay',
    answers: { 200: json('The item', quarantineItem), ...always, ...ifMissing },
    handle: async ({ who, params: { id = '' } }) => {
      await present(deps, who, id);
      const replayed = await deps.replay(id);
      if (!replayed) throw notFound();
      return ok({ ...view(await present(deps, who, id)), ...replayed });
    },
  }),
];

/** Calls for retention policies. */
export const policyCalls = ({ models }: HttpDeps): Call[] => [
  call({
    method: 'get',
    path: '/policies',
    tag: 'Policies',
    summary: 'Retention policies',
    action: 'policies:read',
    answers: { 200: json('Policies', policyList), ...always },
    handle: async () => {
      const policies = await models.policies.find().sort({ _id: 1 }).lean();
      return ok({ items: policies.map(({ _id, ...policy }) => ({ id: _id, ...policy })), next: null });
    },
  }),
];
