import type { Acceptance, Connector, Account as OpenedAccount, Received } from '../../connectors/contract.ts';
import type { Models } from '../../models/index.ts';
import type { Access } from '../access/index.ts';
import type { Accounts } from '../accounts/index.ts';
import type { Imports } from '../capture/imports.ts';
import type { OpenAccount } from '../capture/open-account.ts';
import type { Replay } from '../capture/replay.ts';
import type { LiveAccounts } from '../live/accounts.ts';
import type { LiveFiles } from '../live/files.ts';
import type { Log } from '../logging.ts';
import type { ContactImports } from '../register/csv-import.ts';
import type { Register } from '../register/index.ts';
import type { BlobStore } from '../store/blobs.ts';
import type { Link } from '../timeline/link.ts';

/** What the HTTP side needs; composed in hub.ts. */
export interface HttpDeps {
  models: Models;
  access: Access;
  accounts: Accounts;
  connectors: ReadonlyMap<string, Connector>;
  blobs: BlobStore;
  register: Register;
  link: Link;
  imports: Pick<Imports, 'accept' | 'get'>;
  contactImports: Pick<ContactImports, 'accept' | 'get'>;
  /** accepts what a webhook received; resolves once it is committed */
  intake: { accept(account: OpenedAccount, received: Received): Promise<Acceptance[]> };
  /** tries to capture a quarantined item again */
  replay: Replay;
  open: OpenAccount;
  /** live channels: who may open them, and their files */
  live?: { accounts: LiveAccounts; files: LiveFiles };
  zone: string;
  country: string;
  /** the data folder; uploads are stored below it */
  dataDir: string;
  /** TALTEEN_PUBLIC_URL */
  publicUrl: string | undefined;
  trustProxy: boolean | number | string[];
  /** folder of the built page; undefined: API only */
  webRoot?: string | undefined;
  /** false while too little disk is free, or would be after so many bytes more: nothing is accepted then */
  hasRoom(bytes?: number): boolean;
  /** updates `hasRoom`, which otherwise is some seconds old */
  lookAtDisk(): Promise<void>;
  log: Log;
}
