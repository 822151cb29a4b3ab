import { ZodError } from 'zod';
import { rawOf } from '../../common/raw.ts';
import { json, noJson, parseBody, pointerTo, problem } from '../../common/webhook.ts';
import { type Account, ConnectorError, type Received, type WebhookRequest } from '../../contract.ts';
import type { HubDefaults, TranscriptsConfig } from '../config.ts';
import { makeRecognise } from '../people.ts';
import { parseChatwoot } from './chatwoot.ts';
import { parseCrisp } from './crisp.ts';
import type { ParseEvent } from './parsing.ts';
import { parseTawk } from './tawk.ts';
import { verifiers } from './verify.ts';

const PARSERS: Readonly<Record<string, ParseEvent>> = {
  chatwoot: parseChatwoot,
  crisp: parseCrisp,
  tawk: parseTawk,
};

const MOST_FAULTS = 50;

const wrongShape = ({ issues }: ZodError): Received =>
  problem(422, 'The event has fields that can not be used.', {
    errors: issues.slice(0, MOST_FAULTS).map(({ path, message }) => ({ pointer: pointerTo(path), detail: message })),
  });

/** Takes what Chatwoot, Crisp or tawk.to post; `now` is for tests. Throws ConnectorError `reject` for what isn't theirs. */
export const makeReceive =
  (defaults: HubDefaults, now: () => Date = () => new Date()) =>
  async (account: Account<TranscriptsConfig>, request: WebhookRequest): Promise<Received> => {
    if (request.path !== 'events') return problem(404, 'There is no such webhook.');
    const { provider, secret } = account.config;
    const [verify, parse] = [verifiers[provider], PARSERS[provider]];
    if (!verify || !parse || !secret)
      throw new ConnectorError('reject', 'This account takes no webhooks: its chats are uploaded.');
    verify(secret, request, now());
    const event = parseBody(request.body);
    if (event === undefined) return noJson(request.body);
    try {
      const parsing = { recognise: makeRecognise(account, defaults), raw: rawOf('application/json', request.body) };
      const items = parse(event, parsing);
      return { items, failed: [], reply: json(200, { accepted: items.length }) };
    } catch (error) {
      if (error instanceof ZodError) return wrongShape(error);
      throw error;
    }
  };
