import { domainToASCII } from 'node:url';
import type { Account } from '../contract.ts';

/** A plus tag names no other mailbox; a local part that begins with a plus or is quoted has none (RFC 5233). */
const mailboxOf = (local: string): string => local.replace(/^([^+"]+)\+.*$/s, '$1');

/**
 * Whether an address is one of ours, however it is written: by itself, by its mailbox (a plus tag dropped) or by its domain. It is compared as the
 * core compares it: lower case, NFC, the domain in ASCII.
 */
export const isOurs = (address: string, { addresses, domains }: Account['ours']): boolean => {
  const given = address.trim();
  const at = given.lastIndexOf('@');
  if (at < 1) return false;
  const written = given
    .slice(at + 1)
    .toLowerCase()
    .replace(/\.$/, '');
  const domain = domainToASCII(written) || written;
  const local = given.slice(0, at).normalize('NFC').toLowerCase();
  return domains.has(domain) || addresses.has(`${local}@${domain}`) || addresses.has(`${mailboxOf(local)}@${domain}`);
};
