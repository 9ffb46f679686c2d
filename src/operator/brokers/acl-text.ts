import { fullAddress } from '../../lib/ip-address.ts';
import type { Acl } from '../../kafka/user-admin.ts';

/** An entry for people, and to tell it from others of the same principal. Brokers of different kinds write IPv6 differently. */
export function aclText({ permission, operation, resourceType, resourceName, patternType, host }: Acl): string {
  const name = patternType === 'Prefixed' ? `${resourceName}*` : resourceName;
  const what = resourceType === 'Cluster' ? 'Cluster' : `${resourceType} ${quoted(name, patternType, resourceName)}`;
  return `${permission} ${operation} on ${what}${host === '*' ? '' : ` from ${fullAddress(host)}`}`;
}

/** A literal name may itself end in a star. */
const quoted = (name: string, patternType: Acl['patternType'], resourceName: string) =>
  patternType === 'Literal' && resourceName !== '*' && resourceName.endsWith('*') ? `'${name}'` : name;
