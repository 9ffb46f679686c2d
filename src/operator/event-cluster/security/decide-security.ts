import type { V1StatefulSet } from '@kubernetes/client-node';
import type { BrokerSecurity, EventCluster } from '../../../api/event-cluster.ts';
import { certificatesHashAnnotation, securityMoveAnnotation } from '../../pods/digest.ts';
import type { ExtraCondition } from '../../runtime/reconcile/conditions.ts';
import { describeMove, layoutOfMark, nextMove, wantedSecurity, type MoveProgress } from './move.ts';

const open: BrokerSecurity = { tls: false, authentication: false };

/**
 * What the brokers of a cluster use: what they were made with, since brokers with and without it do not understand one
 * another, or the next step of their move. Where there are none yet, what the spec says, or else all of it.
 *
 * @param running the StatefulSet, if there is one
 */
export function decideSecurity(
  { spec, status }: Pick<EventCluster, 'spec' | 'status'>,
  running: Pick<V1StatefulSet, 'spec'> | undefined,
  progress: MoveProgress,
): BrokerSecurity {
  return nextMove(status?.security ?? securityOfPods(spec, running), spec, progress);
}

/** What pods tell of it. */
function securityOfPods(spec: EventCluster['spec'], running: Pick<V1StatefulSet, 'spec'> | undefined): BrokerSecurity {
  const annotations = running?.spec?.template.metadata?.annotations;
  const madeOpen = running !== undefined && annotations?.[certificatesHashAnnotation] === undefined;
  if (madeOpen) return open;
  const move = layoutOfMark(annotations?.[securityMoveAnnotation]);
  return { ...(move === 'AddListeners' ? open : wantedSecurity(spec)), ...(move && { move }) };
}

/** Whether strangers are kept out, and if not, why not and what to do about it. */
export function securedCondition(
  spec: EventCluster['spec'],
  { tls, authentication, move }: BrokerSecurity,
  progress: MoveProgress,
): ExtraCondition {
  const moving = describeMove(move, progress);
  if (moving !== undefined) {
    const message = `Brokers are becoming closed (${move}): ${moving}`;
    return { type: 'Secured', status: 'False', reason: 'Moving', message };
  }
  if (tls && authentication) {
    const message = 'Clients need TLS, a user and a password.';
    return { type: 'Secured', status: 'True', reason: 'TlsAndAuthentication', message };
  }
  const lacking = [...(tls ? [] : ['no TLS']), ...(authentication ? [] : ['no password'])].join(' and ');
  const { reason, why } = whyOpen(spec);
  return { type: 'Secured', status: 'False', reason, message: `Clients need ${lacking}: ${why}` };
}

function whyOpen({ security, engine }: EventCluster['spec']): { readonly reason: string; readonly why: string } {
  if (security) return { reason: 'TurnedOff', why: 'spec.security says so.' };
  const fix =
    engine === 'Kafka'
      ? 'Set spec.security to {} to close them'
      : 'Create another EventCluster and move topics and clients to it';
  return {
    reason: 'MadeWithoutSecurity',
    why:
      `these brokers were made before security was the default. ${fix}, or set enabled to false in spec.security.tls and ` +
      `spec.security.authentication to keep them as they are.`,
  };
}
