import type { ImapFlow } from 'imapflow';
import { type Account, type Captured, ConnectorError, type Sighting } from '../../contract.ts';
import { openClient } from './client.ts';
import type { EmailConfig } from './config.ts';
import { toConnectorError } from './errors.ts';
import { type FetchedMail, fetchParts } from './fetch.ts';
import { listFolders } from './folders.ts';
import { type Fetch, tokensOf } from './oauth.ts';
import { spoolMail } from './spool.ts';
import { examine, opened, type ReadMails } from './state.ts';

const fetchOne = async (client: ImapFlow, uid: number, spool: string): Promise<FetchedMail | null> => {
  for await (const { mails, missed, large } of fetchParts(client, [uid])) {
    const [miss] = missed;
    if (miss) throw new ConnectorError('retry', miss.reason);
    if (large) return (await spoolMail(client, uid, spool)) ?? null;
    if (mails[0]) return mails[0];
  }
  return null;
};

/** `Connector.fetchAgain`: fetches one mail again; null when its folder no longer has it under this UID. */
export const makeFetchAgain =
  ({ read, fetch }: { read: ReadMails; fetch: Fetch }) =>
  async (account: Account<EmailConfig>, sighting: Sighting, signal: AbortSignal): Promise<Captured | null> => {
    const { config } = account;
    const { folder, uidValidity, uid } = sighting;
    const tokens = tokensOf(fetch, account);
    let client: ImapFlow | undefined;
    try {
      client = await openClient({ config, signal, ...(tokens && { tokens }) });
      const found = (await listFolders(client, config)).find(({ path }) => path === folder);
      if (!found) return null;
      await examine(client, folder);
      if (opened(client).uidValidity !== uidValidity) return null;
      const mail = await fetchOne(client, uid, account.spool);
      if (!mail) return null;
      const [item] = await read([mail], { folder, folderIsSent: found.sent, uidValidity }, account);
      return item ?? null;
    } catch (error) {
      throw toConnectorError(error);
    } finally {
      client?.close();
    }
  };
