import { fullAddress } from '../../lib/ip-address.ts';
import type { Acl } from '../../kafka/user-admin.ts';

/** An entry for people, and to tell it from others of the same principal. Brokers of different kinds write IPv6 differently. */
export function aclText({ permission, operation, resourceType, resourceName, patternType, host }: Acl): string {
  const name = `${quoted(resourceName, patternType)}${patternType === 'Prefixed' ? '*' : ''}`;
  const what = resourceType === 'Cluster' ? 'Cluster' : `${resourceType} ${name}`;
  return `${permission} ${operation} on ${what}${host === '*' ? '' : ` from ${fullAddress(host)}`}`;
}

/** Groups may be called almost anything, also `orders from 10.0.0.1`, and a literal name may itself end in a star. */
function quoted(name: string, patternType: Acl['patternType']): string {
  const isPlain = /^[^\s*'\\]+$/.test(name) || (name === '*' && patternType === 'Literal');
  return isPlain ? name : `'${name.replace(/['\\]/g, '\\$&')}'`;
}
