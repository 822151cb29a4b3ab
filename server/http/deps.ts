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

/** What the HTTP side works with; hub.ts composes it. */
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
  /** takes what a webhook brought; resolves once it is committed */
  intake: { accept(account: OpenedAccount, received: Received): Promise<Acceptance[]> };
  /** tries a quarantined item again */
  replay: Replay;
  open: OpenAccount;
  /** live channels: who may open them, and their files */
  live?: { accounts: LiveAccounts; files: LiveFiles };
  zone: string;
  country: string;
  /** uploads lie below it */
  dataDir: string;
  /** TALTEEN_PUBLIC_URL */
  publicUrl: string | undefined;
  trustProxy: boolean | number | string[];
  /** the built page; undefined: API only */
  webRoot?: string | undefined;
  /** false while its disk is full, or would be with so many bytes more: they aren't taken in then */
  hasRoom(bytes?: number): boolean;
  /** has `hasRoom` know how it is now, not how it was some seconds ago */
  lookAtDisk(): Promise<void>;
  log: Log;
}
