import type { WebhookRequest } from '../contract.ts';

/** A file that a connector imports, and what is in it. */
export interface FileCase {
  name: string;
  bytes: Uint8Array;
  /** items with a key of their own */
  items: number;
  /** number of records that can't be read, and go to quarantine */
  failed?: number;
}

/** A request to a connector's webhook, and the number of items in it. Made anew for each test, since a signature contains the time. */
export interface RequestCase {
  request: WebhookRequest;
  items: number;
  failed?: number;
}

/**
 * What test/contract needs to test a connector: `fixtures/contract.ts` in the connector's folder exports one as `contractCase`. It must have files or requests
 * when the connector takes those.
 */
export interface ContractCase {
  /** valid by its configSchema, with all its secrets */
  config: object;
  files?: readonly FileCase[];
  /** a folder with such files can be imported too */
  folders?: boolean;
  requests?: () => readonly RequestCase[];
}
