import type { WebhookRequest } from '../contract.ts';

/** A file that a connector imports, and what is in it. */
export interface FileCase {
  name: string;
  bytes: Uint8Array;
  /** items with a key of their own */
  items: number;
  /** what can't be read, and goes to quarantine */
  failed?: number;
}

/** A request that a connector takes, made anew for each test (a signature has its time), and what is in it. */
export interface RequestCase {
  request: WebhookRequest;
  items: number;
  failed?: number;
}

/**
 * What test/contract needs to try a connector: `fixtures/contract.ts` in its folder exports one as `contractCase`. What a connector
 * brings (files, requests) must be in it.
 */
export interface ContractCase {
  /** valid by its configSchema, with all its secrets */
  config: object;
  files?: readonly FileCase[];
  /** a folder of such files can be handed in too */
  folders?: boolean;
  requests?: () => readonly RequestCase[];
}
