/** Types of the parser's results. All of them survive a structured clone, since they cross to and from worker threads. */

/** 'name': the mail gives no usable address, only a display name or a local user without a domain. */
export type AddressType = 'email' | 'name';
/** The header field in which an address occurs. */
export type MailRole = 'from' | 'sender' | 'reply-to' | 'to' | 'cc' | 'bcc';

/** A participant of a mail. */
export interface MailAddress {
  role: MailRole;
  type: AddressType;
  /** as written in the field, not normalised */
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

/** Kind of an automatic mail; null: a person wrote it. */
export type Automated = 'auto-reply' | 'bounce' | 'list' | null;

/** What the source knows of a mail besides its bytes. */
export interface MailContext {
  /** when the hub captured the mail: it can't have happened later */
  capturedAt: Date;
  /** INTERNALDATE of an IMAP server, or a Maildir file's modification time */
  internalDate?: Date;
  /** date of the From_ line of an mbox */
  fromLineDate?: Date;
}

/** A parsed mail. */
export interface ParsedMail {
  /** e-mail key (DESIGN 6): hex SHA-256 of what its author wrote */
  key: string;
  /** hex SHA-256 of the original bytes */
  sha256: string;
  /** bytes of the original */
  size: number;
  /** the header block, undecoded, up to a limit */
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
  /** a reply by its subject that references no other mail: only such ones are looked up by last-resort keys */
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
