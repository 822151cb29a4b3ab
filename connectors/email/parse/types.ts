/** What the parser hands over. Everything here survives a structured clone, so that it can cross to and from a worker thread. */

/** 'name' is somebody of whom the mail gives no usable address (a bare display name, a local user without a domain). */
export type AddressType = 'email' | 'name';
export type MailRole = 'from' | 'sender' | 'reply-to' | 'to' | 'cc' | 'bcc';

export interface MailAddress {
  role: MailRole;
  type: AddressType;
  /** as it stands in the field: not normalised */
  value: string;
  name?: string;
}

/** A leaf of the MIME tree that isn't shown as text or html. `n` counts from 1, depth first (DESIGN 10). */
export interface MailPart {
  n: number;
  name?: string;
  /** media type in lower case, without parameters */
  type: string;
  /** decoded bytes, exactly what `openPart` yields */
  size: number;
  inline: boolean;
  /** Content-ID without angle brackets */
  cid?: string;
}

export type Automated = 'auto-reply' | 'bounce' | 'list' | null;

/** What the source knows of a mail besides its bytes. */
export interface MailContext {
  /** when the hub took the mail in: nothing it holds happened later */
  capturedAt: Date;
  /** INTERNALDATE of an IMAP server, or a Maildir file's modification time */
  internalDate?: Date;
  /** date of the From_ line of an mbox */
  fromLineDate?: Date;
}

export interface ParsedMail {
  /** hex; what its author wrote (DESIGN 6) */
  key: string;
  /** hex SHA-256 of the original bytes */
  sha256: string;
  /** bytes of the original */
  size: number;
  /** the header block as it stands, up to a limit */
  headers: string;
  subject?: string;
  participants: MailAddress[];
  /** the Date field, when it is a date that exists */
  sentAt?: Date;
  /** by the rule of DESIGN 6 */
  occurredAt: Date;
  /** without angle brackets */
  messageId?: string;
  /** own Message-ID, In-Reply-To and References, without angle brackets */
  threadKeys: string[];
  /** normalised subject with each pair of participants */
  lastResortThreadKeys: string[];
  /** a reply (by its subject) that names no other mail: the only kind that is looked up by its last-resort keys */
  isBareReply: boolean;
  text?: string;
  html?: string;
  parts: MailPart[];
  automated: Automated;
  /** Message-ID of the mail that bounced */
  bounceOf?: string;
  /** in words, why it is incomplete or empty */
  notice?: string;
}

/** A mail in memory, or a large one spooled to a file. */
export type MailSource = { bytes: Uint8Array } | { path: string };
