import type { Connector, Account as OpenedAccount, Received } from '../../connectors/contract.ts';
import type { AccountDoc } from '../../models/accounts.ts';
import type { ImportDoc } from '../../models/imports.ts';
import type { Models } from '../../models/index.ts';
import type { Access } from '../access/index.ts';
import type { Accounts } from '../accounts/index.ts';
import type { Register } from '../register/index.ts';
import type { BlobStore } from '../store/blobs.ts';
import type { Link } from '../timeline/link.ts';

interface Log {
  info(data: object, message: string): void;
  warn(data: object, message: string): void;
  error(data: object, message: string): void;
}

type Counted = { read: number; stored: number; duplicate: number; quarantined: number };

/** Imports of interactions: `accept` resolves once the import is durable, its files must be so before. */
export interface ImportsPort {
  accept(upload: {
    account: string;
    who: string;
    files: ImportDoc['files'];
    uploaded: boolean;
  }): Promise<{ id: string; done: Promise<void> }>;
  get(id: string): Promise<(Omit<ImportDoc, 'counts'> & { counts: Counted }) | null>;
}

/** Imports of contacts (CSV), as ImportsPort. */
export interface ContactImportsPort {
  accept(upload: { who: string; file: ImportDoc['files'][0] }): Promise<{ id: string }>;
  get(id: string): Promise<ImportDoc | null>;
}

/** What the HTTP side works with; main.ts composes it. */
export interface HttpDeps {
  models: Models;
  access: Access;
  accounts: Accounts;
  connectors: ReadonlyMap<string, Connector>;
  blobs: BlobStore;
  register: Register;
  link: Link;
  imports: ImportsPort;
  contactImports: ContactImportsPort;
  /** takes what a webhook brought; resolves once it is committed */
  intake: { accept(account: OpenedAccount, received: Received): Promise<void> };
  /** tries a quarantined item again; false when there is nothing to try */
  replay(quarantineId: string): Promise<boolean>;
  open(account: AccountDoc, options: { complete: boolean }): Promise<OpenedAccount>;
  zone: string;
  country: string;
  /** uploads lie below it */
  dataDir: string;
  /** TALTEEN_PUBLIC_URL */
  publicUrl: string | undefined;
  trustProxy: boolean | number | string[];
  /** the built page; undefined: API only */
  webRoot?: string | undefined;
  /** false while this hub leaves or its disk is full: /readyz says so */
  isReady?(): boolean;
  log: Log;
}
