import type { V1StatefulSet } from '@kubernetes/client-node';
import type { BrokerSecurity, EventCluster } from '../../../api/event-cluster.ts';
import { certificatesHashAnnotation } from '../../pods/digest.ts';
import type { ExtraCondition } from '../../runtime/reconcile/conditions.ts';

const open: BrokerSecurity = { tls: false, authentication: false };

/**
 * What the brokers of a cluster use for as long as it exists: what they were made with, since brokers with and without
 * it do not understand one another. Where there are none yet, what the spec says, or else all of it.
 *
 * @param running the StatefulSet, if there is one
 */
export function decideSecurity(
  { spec, status }: Pick<EventCluster, 'spec' | 'status'>,
  running: Pick<V1StatefulSet, 'spec'> | undefined,
): BrokerSecurity {
  if (status?.security) return status.security;
  const annotations = running?.spec?.template.metadata?.annotations;
  const madeOpen = running !== undefined && annotations?.[certificatesHashAnnotation] === undefined;
  if (madeOpen) return open;
  const { tls, authentication } = spec.security ?? {};
  return { tls: tls?.enabled ?? true, authentication: authentication?.enabled ?? true };
}

/** Whether strangers are kept out, and if not, why not and what to do about it. */
export function securedCondition(spec: EventCluster['spec'], { tls, authentication }: BrokerSecurity): ExtraCondition {
  if (tls && authentication) {
    const message = 'Clients need TLS, a user and a password.';
    return { type: 'Secured', status: 'True', reason: 'TlsAndAuthentication', message };
  }
  const lacking = [...(tls ? [] : ['no TLS']), ...(authentication ? [] : ['no password'])].join(' and ');
  const { reason, why } = whyOpen(spec);
  return { type: 'Secured', status: 'False', reason, message: `Clients need ${lacking}: ${why}` };
}

function whyOpen({ security }: EventCluster['spec']): { readonly reason: string; readonly why: string } {
  if (security) return { reason: 'TurnedOff', why: 'spec.security says so.' };
  return {
    reason: 'MadeWithoutSecurity',
    why:
      `these brokers were made before security was the default, and cannot change without losing one another. Create ` +
      `another EventCluster and move topics and clients to it, or set enabled to false in spec.security.tls and ` +
      `spec.security.authentication to keep them as they are.`,
  };
}
