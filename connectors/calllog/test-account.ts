import { type Account, ConnectorError, type Rung } from '../contract.ts';
import type { CalllogConfig } from './config.ts';
import { lookInto } from './watch/directory.ts';
import { type Hub, refuseOurs } from './watch/index.ts';

const look = async (directory: string, hub: Hub): Promise<string> => {
  await refuseOurs(directory, hub);
  const { logs, recordings } = await lookInto(directory);
  return `The watched folder can be read. Logs: ${logs.length}, recordings: ${recordings.length}.`;
};

/** The only rung of "test connection": whether the watched folder can be listed. No file is opened. */
export const makeTest = (hub: Hub) =>
  async function* test({ config: { directory } }: Account<CalllogConfig>): AsyncIterable<Rung> {
    if (!directory) {
      yield { name: 'settings', ok: true, detail: 'The settings are complete: logs are handed in, or posted.' };
      return;
    }
    try {
      yield { name: 'folder', ok: true, detail: await look(directory, hub) };
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
      yield { name: 'folder', ok: false, detail: error.message };
    }
  };
