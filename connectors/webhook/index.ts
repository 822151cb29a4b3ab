import type { Connector } from '../contract.ts';
import { configSchema, type WebhookConfig } from './config.ts';
import { receive } from './receive.ts';

/** The connector for any other system: it posts interactions and register events in one JSON shape, signed or with a token. */
export const makeWebhookConnector = (): Connector<WebhookConfig> => ({
  id: 'webhook',
  label: 'Webhook',
  configSchema: configSchema as Connector<WebhookConfig>['configSchema'],
  secrets: ['secrets'],
  webhooks: ['events'],
  webhookHelp: {
    events:
      'Signed by Standard Webhooks with one of the secrets, or with a token of the role “source” for this connection.',
  },
  receive,
});
