import { isIP } from 'node:net';

/** Whether a host is an IPv4 or IPv6 address, and so no name. */
export const isIpAddress = (host: string): boolean => isIP(host) !== 0;
