import { lookup as systemLookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { ExpectedError } from './errors.ts';

/** What is not on the internet, by IANA's registry of special-purpose addresses; and where clouds answer machines. */
const refusedIpv4 = [
  '0.0.0.0/8', // this network
  '10.0.0.0/8', // private
  '100.64.0.0/10', // carrier-grade NAT, and pods of some clusters
  '127.0.0.0/8', // loopback
  '168.63.129.16/32', // Azure's own services
  '169.254.0.0/16', // link-local, and the metadata of most clouds
  '172.16.0.0/12', // private
  '192.0.0.0/24', // IETF
  '192.0.2.0/24', // documentation
  '192.88.99.0/24', // 6to4 relays
  '192.168.0.0/16', // private
  '198.18.0.0/15', // benchmarks
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, and broadcast
];

/**
 * All that IANA gives to the internet. Outside of it are loopback, link-local, private and multicast addresses, IPv4
 * addresses in the clothes of IPv6 (::ffff:0:0/96), and NAT64 (64:ff9b::/96, 64:ff9b:1::/48).
 */
const globalIpv6 = '2000::/3';
const refusedIpv6 = [
  '2001::/23', // IETF; in it Teredo, which leads to any IPv4 address
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4, which leads to any IPv4 address
  '3fff::/20', // documentation
];

const refused = blockList([...refusedIpv4, ...refusedIpv6]);
const globalAddresses = blockList([globalIpv6]);

/** Which addresses requests may go to: public ones, and those that somebody has allowed. */
export class AddressRules {
  readonly #allowed: BlockList;
  /** How somebody can allow another address, for messages. */
  readonly advice: string;

  /** @param allowedCidrs such as 10.1.0.0/16, fd00::/8 @param field where they can be given, if anywhere */
  constructor(allowedCidrs: readonly string[], field?: string) {
    this.#allowed = blockList(allowedCidrs);
    this.advice = field === undefined ? '' : `, or allow the address in ${field}`;
  }

  isAllowed(address: string): boolean {
    const version = isIP(address);
    // A zone, as in fe80::1%eth0, belongs to a link.
    if (version === 0 || address.includes('%')) return false;
    const family = version === 4 ? 'ipv4' : 'ipv6';
    if (this.#allowed.check(address, family)) return true;
    return !refused.check(address, family) && (version === 4 || globalAddresses.check(address, family));
  }

  /** For a host that is an address itself: no name is looked up for it. @throws {ExpectedError} AddressRefused */
  checkHost(hostname: string): void {
    const address = hostname.replace(/^\[(.*)\]$/, '$1');
    if (isIP(address) !== 0 && !this.isAllowed(address)) throw this.refused(hostname, [address]);
  }

  /** The error for a host with none but these addresses. */
  refused(hostname: string, addresses: readonly string[]): ExpectedError {
    const found = addresses.join(', ');
    const message = `${hostname} is at ${found}, and requests go to public addresses only: name another host${this.advice}`;
    // Somebody can allow it, or change what the name means.
    return new ExpectedError('AddressRefused', message, { retryable: true });
  }
}

type Resolve = (
  hostname: string,
  options: LookupOptions & { readonly all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * Looks names up for a connection that is about to be made, and gives it only addresses that are allowed: whatever the
 * name means a moment later, that is where the connection goes. Fails with AddressRefused when there is none.
 */
export function checkedLookup(rules: AddressRules, resolve: Resolve = systemLookup): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, []);
      const allowed = addresses.filter(({ address }) => rules.isAllowed(address));
      const [first] = allowed;
      if (!first) {
        const found = addresses.map(({ address }) => address);
        return callback(rules.refused(hostname, found), []);
      }
      if (options.all) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}

/** Whether a text is a network, such as 10.1.0.0/16. */
export function isCidr(text: string): boolean {
  const [, address = '', bits = ''] = /^([0-9a-fA-F.:]+)\/(\d{1,3})$/.exec(text) ?? [];
  const version = isIP(address);
  return version !== 0 && Number(bits) <= (version === 4 ? 32 : 128);
}

function blockList(cidrs: readonly string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [address = '', bits] = cidr.split('/');
    list.addSubnet(address, Number(bits), isIP(address) === 4 ? 'ipv4' : 'ipv6');
  }
  return list;
}
