import { type Fault, json, noJson, parseBody, pointerTo, problem } from '../common/webhook.ts';
import {
  type Acceptance,
  type Account,
  type Captured,
  ConnectorError,
  type Received,
  type Reply,
  type WebhookRequest,
} from '../contract.ts';
import { toCaptured } from './captured.ts';
import type { WebhookConfig } from './config.ts';
import { readItem } from './item.ts';
import { parseNumbers } from './numbers.ts';
import { isSigned, verify } from './verify.ts';

const MOST_ITEMS = 1000;
const MOST_WORDS = 1000;

/** What became of one item: a row of the answer. */
interface Row {
  id: string | null;
  status: Acceptance | 'rejected';
  error: string | null;
}

const wrong = (errors: Fault[]): Received => problem(422, 'The body has fields that can not be used.', { errors });

const idOf = (given: unknown): string | null => {
  const id = (given as { id?: unknown } | null)?.id;
  return typeof id === 'string' ? id : null;
};

const inWords = (faults: readonly Fault[]): string =>
  faults
    .map(({ pointer, detail }) => `${pointer || 'the item'}: ${detail}`)
    .join('; ')
    .slice(0, MOST_WORDS);

type ReadOne = { given: unknown; item: Captured } | { given: unknown; faults: Fault[] };

const many = (read: readonly ReadOne[]): Received => {
  const items = read.flatMap(one => ('item' in one ? [one.item] : []));
  const reply = (accepted: readonly Acceptance[]): Reply => {
    let at = 0;
    const rows = read.map((one): Row => {
      const id = idOf(one.given);
      return 'item' in one
        ? { id, status: accepted[at++] ?? 'stored', error: null }
        : { id, status: 'rejected', error: inWords(one.faults) };
    });
    return json(207, { items: rows });
  };
  return { items, failed: [], reply };
};

const single = (one: ReadOne): Received => {
  if ('faults' in one) return wrong(one.faults);
  const row = (status: Acceptance): Row => ({ id: idOf(one.given), status, error: null });
  return { items: [one.item], failed: [], reply: ([status = 'stored']) => json(200, row(status)) };
};

const isBatch = (value: unknown): value is { items: unknown } =>
  typeof value === 'object' && value !== null && 'items' in value && !('type' in value);

const readBody = (value: unknown, readOne: (given: unknown) => ReadOne): Received => {
  if (!isBatch(value)) return single(readOne(value));
  const { items, ...more } = value;
  const unknown = Object.keys(more).map(key => ({ pointer: pointerTo([key]), detail: 'there is no such field' }));
  if (!Array.isArray(items)) return wrong([{ pointer: '/items', detail: 'expected an array' }, ...unknown]);
  if (unknown.length > 0) return wrong(unknown);
  if (items.length > MOST_ITEMS) return problem(413, `One request may have ${MOST_ITEMS} items.`);
  return many(items.map(readOne));
};

/** Whether a request is signed (true) or has a token (false). Throws ConnectorError ('reject') when it has neither, or the signature is wrong. */
const isProven = ({ config }: Account<WebhookConfig>, { headers, body, authenticated }: WebhookRequest): boolean => {
  if (isSigned(headers)) {
    verify(config.secrets ?? [], headers, body, Math.floor(Date.now() / 1000));
    return true;
  }
  if (authenticated) return false;
  throw new ConnectorError(
    'reject',
    'Sign the request (Standard Webhooks), or send a token that may post to this account.',
  );
};

/** A function that reads one item for this account. */
const makeReadOne =
  (account: Pick<Account, 'id' | 'ours'>, proven: boolean) =>
  (given: unknown): ReadOne => {
    const read = readItem(given);
    return 'item' in read
      ? { given, item: toCaptured(read.item, given, { account, proven }) }
      : { given, faults: read.faults };
  };

/**
 * `Connector.receive`: one item or a batch of them (DESIGN 10), signed with one of the account's secrets or sent with a token. Throws ConnectorError
 * ('reject').
 */
export const receive = async (account: Account<WebhookConfig>, request: WebhookRequest): Promise<Received> => {
  if (request.path !== 'events' && request.path !== 'items') return problem(404, 'There is no such webhook.');
  if (request.method !== 'POST') return problem(405, 'Items are posted.', { headers: { Allow: 'POST' } });
  const proven = isProven(account, request);
  const value = parseBody(request.body, parseNumbers);
  if (value === undefined) return proven ? noJson(request.body) : problem(400, 'The body is not JSON.');
  return readBody(value, makeReadOne(account, proven));
};
