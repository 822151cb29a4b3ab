import type { Call } from './call.ts';
import type { HttpDeps } from './deps.ts';
import { accessCalls } from './routes/access.ts';
import { accountCalls } from './routes/accounts.ts';
import { answerCalls } from './routes/answers.ts';
import { contactCalls } from './routes/contacts.ts';
import { conversationCalls } from './routes/conversations.ts';
import { eventCalls } from './routes/events.ts';
import { importCalls } from './routes/imports.ts';
import { interactionCalls } from './routes/interactions.ts';
import { organisationCalls } from './routes/organisations.ts';
import { policyCalls, quarantineCalls } from './routes/quarantine.ts';
import { sessionCalls } from './routes/session.ts';
import { suggestionCalls } from './routes/suggestions.ts';
import { timelineCalls } from './routes/timeline.ts';
import { itemCalls } from './routes/webhooks.ts';

/** All calls of the API. Only these are routed and documented. */
export const allCalls = (deps: HttpDeps): Call[] => [
  ...sessionCalls(deps),
  ...contactCalls(deps),
  ...organisationCalls(deps),
  ...timelineCalls(deps),
  ...interactionCalls(deps),
  ...answerCalls(deps),
  ...conversationCalls(deps),
  ...eventCalls(deps),
  ...suggestionCalls(deps),
  ...accountCalls(deps),
  ...itemCalls(deps),
  ...importCalls(deps),
  ...quarantineCalls(deps),
  ...policyCalls(deps),
  ...accessCalls(deps),
];
