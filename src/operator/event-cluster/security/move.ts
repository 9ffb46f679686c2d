import type { BrokerSecurity, EventCluster } from '../../../api/event-cluster.ts';
import { movedPorts, ports } from '../names.ts';

/** A step by which open brokers become closed. */
export type Move = NonNullable<BrokerSecurity['move']>;

/** Which listeners brokers have; the last step only waits until all of them have the same. */
export type MoveLayout = Exclude<Move, 'RemoveListeners'>;

export const layoutOf = (move: Move | undefined): MoveLayout | undefined =>
  move === 'RemoveListeners' ? 'Moved' : move;

/**
 * What pods are marked with that have the listeners of a step: their layout and, while closed listeners are being added,
 * what these ask for. The spec may still change that, and then all brokers have to get it before anybody moves.
 */
export function markOf(move: Move | undefined, { tls, authentication }: BrokerSecurity): string | undefined {
  if (move !== 'AddListeners') return layoutOf(move);
  return [move, ...(tls ? ['Tls'] : []), ...(authentication ? ['Authentication'] : [])].join('-');
}

export const layoutOfMark = (mark: string | undefined): MoveLayout | undefined =>
  mark?.split('-')[0] as MoveLayout | undefined;

/** Where clients begin: workloads move to the closed listener when all brokers have it. */
export const clientPort = (layout: MoveLayout | undefined): number =>
  layout === undefined || layout === 'AddListeners' ? ports.kafka : movedPorts.clients;

/** By its owner, with any value: the open listeners stay until it is removed. */
export const keepOpenAnnotation = 'kafka-events.dev/keep-open-listeners';

/** How far the present step has come. */
export interface MoveProgress {
  /** Whether every broker is ready, and has the listeners of the step. */
  readonly settled: boolean;
  /** Workloads whose pods still use the open listener, as kind/namespace/name. */
  readonly onOpenListener: readonly string[];
  /** Whether the owner wants to keep the open listeners for now. */
  readonly kept: boolean;
}

type Spec = EventCluster['spec'];

/** What the spec asks for; all of it where it says nothing. */
export const wantedSecurity = ({ security }: Spec): BrokerSecurity => ({
  tls: security?.tls.enabled ?? true,
  authentication: security?.authentication.enabled ?? true,
});

/**
 * The next step, where the present one is over. Each step is a roll after which all brokers understand those of the step
 * before and of the one after: closed listeners come first, then everybody moves to them, then the open ones go. Until
 * everybody moves, the spec can take it back.
 */
export function nextMove(made: BrokerSecurity, spec: Spec, progress: MoveProgress): BrokerSecurity {
  const { settled, onOpenListener, kept } = progress;
  switch (made.move) {
    case undefined:
      return asksToMove(spec) && isOpen(made) ? { ...made, move: 'AddListeners' } : made;
    case 'AddListeners':
      if (!asksToMove(spec)) return { tls: false, authentication: false };
      return settled ? { ...wantedSecurity(spec), move: 'MoveClients' } : made;
    case 'MoveClients':
      return settled && onOpenListener.length === 0 && !kept ? { ...made, move: 'RemoveListeners' } : made;
    case 'RemoveListeners':
      return settled ? { ...made, move: 'Moved' } : made;
    case 'Moved':
      return made;
  }
}

const isOpen = ({ tls, authentication }: BrokerSecurity) => !tls && !authentication;

/** In words: brokers of an earlier release stay as they are without any. */
function asksToMove(spec: Spec): boolean {
  return spec.engine === 'Kafka' && spec.security !== undefined && !isOpen(wantedSecurity(spec));
}

/** What a person sees of a move that is under way; undefined where there is none, or it is over. */
export function describeMove(move: Move | undefined, { onOpenListener, kept }: MoveProgress): string | undefined {
  switch (move) {
    case 'AddListeners':
      return 'brokers are restarted with closed listeners beside the open ones.';
    case 'MoveClients': {
      if (onOpenListener.length > 0) return `these still use the open listener: ${onOpenListener.join(', ')}.`;
      if (kept) return `the annotation ${keepOpenAnnotation} keeps the open listeners.`;
      return 'brokers are restarted to use the closed listeners among themselves.';
    }
    case 'RemoveListeners':
      return 'brokers are restarted without the open listeners.';
    case 'Moved':
    case undefined:
      return undefined;
  }
}
