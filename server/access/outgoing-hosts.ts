import { BlockList, isIP } from 'node:net';

const subnets: [string, number, 'ipv4' | 'ipv6'][] = [
  // RFC 6890 and its successors: this host, private, shared, loopback, link-local (with clouds' metadata services), test nets, multicast, reserved
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.0.2.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['198.51.100.0', 24, 'ipv4'],
  ['203.0.113.0', 24, 'ipv4'],
  ['224.0.0.0', 3, 'ipv4'],
  ['::', 128, 'ipv6'],
  ['::1', 128, 'ipv6'],
  ['64:ff9b::', 96, 'ipv6'],
  ['64:ff9b:1::', 48, 'ipv6'],
  ['100::', 64, 'ipv6'],
  ['2001::', 23, 'ipv6'],
  ['2001:db8::', 32, 'ipv6'],
  ['2002::', 16, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
];
const notPublic = new BlockList();
for (const subnet of subnets) notPublic.addSubnet(...subnet);

/** Whether an address is one that only this machine or network can reach, or that nobody should. IPv4 in IPv6 counts as IPv4. */
export const isPrivateAddress = (address: string): boolean => {
  const family = isIP(address);
  return family === 0 || notPublic.check(address, family === 6 ? 'ipv6' : 'ipv4');
};

const bare = (host: string): string =>
  host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');

const portOf = ({ protocol, port }: URL): string => port || (protocol === 'https:' ? '443' : '80');

/** Whether `host` or `host:port` of TALTEEN_OUTGOING_HOSTS means this URL's. */
const meets = (entry: string, url: URL): boolean => {
  const [, host, port] = /^(\[[^\]]+\]|[^:]+)(?::(\d+))?$/.exec(entry) ?? [];
  return host !== undefined && bare(host) === bare(url.hostname) && (port === undefined || port === portOf(url));
};

export const isListed = (entries: readonly string[], url: URL): boolean => entries.some(entry => meets(entry, url));

/** The address when the URL names one instead of a host: then nothing is looked up, and nothing checked there. */
export const literalAddress = (url: URL): string | null => (isIP(bare(url.hostname)) ? bare(url.hostname) : null);
