import { callDetails } from '../common/call.ts';
import type { Connector } from '../contract.ts';
import { fold } from './captured.ts';
import { type CalllogConfig, configSchema } from './config.ts';
import type { HubDefaults } from './context.ts';
import { makeImportFile } from './files/index.ts';
import { makeReceive } from './receive.ts';
import { makeReparse } from './reparse.ts';
import { makeTest } from './test-account.ts';
import { type Hub, makePull } from './watch/index.ts';

/** The connector for call logs of telephone switches: imported files, a watched folder, and records that FreeSWITCH posts. */
export const makeCalllogConnector = (defaults: HubDefaults & Hub): Connector<CalllogConfig> => ({
  id: 'calllog',
  label: 'Call logs',
  configSchema,
  secrets: ['password'],
  folders: ['directory'],
  detailsSchema: callDetails,
  webhooks: ['cdr'],
  webhookHelp: {
    cdr: 'FreeSWITCH: `url` in json_cdr.conf.xml or xml_cdr.conf.xml, with `cred` username:password as set here.',
  },
  test: makeTest(defaults),
  importFile: makeImportFile(defaults),
  pull: makePull(defaults),
  receive: makeReceive(defaults),
  reparse: makeReparse(defaults),
  fold,
});
