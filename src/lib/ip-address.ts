import { isIP, isIPv6 } from 'node:net';

/** Whether a host is an IPv4 or IPv6 address, and so no name. */
export const isIpAddress = (host: string): boolean => isIP(host) !== 0;

/** An address in the form in which Java, and so Kafka, compares it as text: IPv6 in eight groups, none of them left out. */
export function fullAddress(address: string): string {
  if (!isIPv6(address)) return address;
  const [before = '', after] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const [first, last] = [groupsOf(before), groupsOf(after ?? '')];
  const groups = [...first, ...Array.from({ length: 8 - first.length - last.length }, () => '0'), ...last];
  return groups.join(':');
}

const groupsOf = (text: string) => (text === '' ? [] : text.split(':'));
