import { domainToASCII } from 'node:url';
import type { Account } from '../contract.ts';

/** The local part without its plus tag (subaddress, RFC 5233). One that begins with a plus or is quoted has none. */
const mailboxOf = (local: string): string => local.replace(/^([^+"]+)\+.*$/s, '$1');

/** Whether an address is ours: itself, without its plus tag, or by its domain. Compared as the core does: lower case, NFC, the domain in ASCII. */
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
