import type { Connector } from '../contract.ts';
import { type ChatConfig, configSchema, secrets } from './config.ts';
import { fold, fromAgent, fromVisitor } from './messages.ts';
import { test } from './test.ts';
import { greet, resume, visitorDetails } from './visitor.ts';

/** The connector for our own chat widget, in which visitors of a site and agents talk live. */
export const makeChatConnector = (): Connector<ChatConfig> => ({
  id: 'chat',
  label: 'Chat widget',
  configSchema,
  secrets,
  detailsSchema: visitorDetails,
  test,
  fold,
  live: {
    origins: ({ origins }) => origins.map(origin => new URL(origin).origin),
    asks: ({ askName, askEmail }) => ({ name: askName, email: askEmail }),
    greet,
    resume,
    fromVisitor,
    fromAgent,
  },
});
