import { type Connector, ConnectorError } from '../contract.ts';
import { configSchema, type HubDefaults, type TranscriptsConfig } from './config.ts';
import { detailsSchema } from './details.ts';
import { makeImportFile } from './files/import.ts';
import { makeReceive } from './webhook/receive.ts';

const AS_A_WHOLE =
  'A chat is read as a whole, nothing of it by itself: hand its file in again, with the settings as they should be.';

/** Chats of other tools: webhooks of Chatwoot, Crisp and tawk.to, exports of WhatsApp, Slack, Intercom and Zendesk Chat. */
export const makeTranscriptsConnector = (defaults: HubDefaults): Connector<TranscriptsConfig> => ({
  id: 'transcripts',
  label: 'Chat transcripts',
  configSchema,
  secrets: ['secret'],
  detailsSchema,
  webhooks: ['events'],
  webhookHelp: {
    events:
      'Chatwoot: Settings → Integrations → Webhooks. Crisp: Marketplace → your plugin → Webhooks. tawk.to: Administration → Settings → Webhooks. Files of the others are uploaded on the page Imports.',
  },
  receive: makeReceive(defaults),
  importFile: makeImportFile(defaults),
  reparse: () => Promise.reject(new ConnectorError('reject', AS_A_WHOLE)),
});
