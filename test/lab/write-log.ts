import { ExpectedError } from '../../src/lib/errors.ts';
import type { KubernetesObject } from '../../src/operator/runtime/objects.ts';
import type { Kubernetes } from '../support/kubernetes.ts';
import { kindOf } from './unreliable-proxy.ts';

export interface WriteRequest {
  /** Who writes. */
  readonly identity: string;
  readonly method: string;
  readonly path: string;
  readonly body: Buffer;
  /** When it was sent, by the monotonic clock. */
  readonly arrivedAt: number;
}

export interface WriteAnswer {
  readonly status: number;
  readonly body: Buffer;
  /** Whether the writer got to see it. */
  readonly isAnswered: boolean;
}

/** Told of the deletion of a pod before the API server is. */
export type PodDeletion = (pod: { readonly name: string; readonly arrivedAt: number }) => string | undefined;

/**
 * Everything that operators write, and which of it changed nothing: an object whose version is after the write what it
 * was before.
 */
export class WriteLog {
  /** Writes that the API server carried out, by method and kind: `PATCH eventtopics/status`. */
  readonly counts = new Map<string, number>();
  /** Those that changed nothing, and may: in words. */
  readonly allowed = new Map<string, number>();
  /** Those that changed nothing and should not have been, and the pods that were deleted when they should not have been. */
  readonly #problems = new Map<string, { count: number; readonly example: string }>();
  onPodDeletion: PodDeletion = () => undefined;
  readonly #kubernetes: Kubernetes;
  /** Objects about whose last write its writer heard nothing: it has to write once more, and that may change nothing. */
  readonly #unanswered = new Set<string>();
  readonly #writers = new Set<string>();

  constructor(kubernetes: Kubernetes) {
    this.#kubernetes = kubernetes;
  }

  get problems(): string[] {
    return [...this.#problems].map(([what, { count: times, example }]) => `${times} times ${what}, as by ${example}`);
  }

  #problem(what: string, example: string): void {
    const known = this.#problems.get(what);
    if (known) known.count += 1;
    else this.#problems.set(what, { count: 1, example });
  }

  /** To be called right before the request goes on; what it returns, with the answer. */
  async begin(write: WriteRequest): Promise<(answer: WriteAnswer) => void> {
    const { identity, method, path } = write;
    const objectPath = path.replace(/\/(status|scale|eviction)$/, '');
    const isEviction = path.endsWith('/eviction');
    const before = method === 'POST' && !isEviction ? undefined : await this.#read(objectPath);
    return ({ status, body, isAnswered }) => {
      const writer = `${identity} ${path}`;
      const wasUnanswered = this.#unanswered.has(writer);
      const isFirst = !this.#writers.has(writer);
      this.#writers.add(writer);
      if (!isAnswered) this.#unanswered.add(writer);
      if (status >= 300) return;
      if (isAnswered) this.#unanswered.delete(writer);
      count(this.counts, `${method} ${kindOf(path)}${path.endsWith('/status') ? '/status' : ''}`);
      const outage =
        isEviction && before && !before.metadata.deletionTimestamp
          ? this.onPodDeletion({ name: before.metadata.name, arrivedAt: write.arrivedAt })
          : undefined;
      if (outage !== undefined) this.#problem('two brokers down', `${identity}: ${outage}`);
      if (!before || isEviction || !changedNothing(method, before, body)) return;
      if (wasUnanswered) count(this.allowed, 'repeated after a write without an answer');
      else if (isFirst && isOwned(path)) count(this.allowed, 'applied once by a new operator');
      else
        this.#problem(
          `${method} ${shorten(path)} changed nothing`,
          `${identity} of ${describe(before)}: ${excerpt(write.body)}`,
        );
    };
  }

  async #read(path: string): Promise<KubernetesObject | undefined> {
    try {
      return (await this.#kubernetes.transport.send({ method: 'GET', path })) as KubernetesObject;
    } catch (error) {
      if (error instanceof ExpectedError) return undefined;
      throw error;
    }
  }
}

function changedNothing(method: string, before: KubernetesObject, answer: Buffer): boolean {
  // An object that is being deleted already, once more.
  if (method === 'DELETE') return before.metadata.deletionTimestamp !== undefined;
  const after = JSON.parse(answer.toString()) as KubernetesObject;
  // The last finalizer: the object goes with it, in its last version.
  if (before.metadata.deletionTimestamp !== undefined && !after.metadata.finalizers?.length) return false;
  return after.metadata.resourceVersion === before.metadata.resourceVersion;
}

/**
 * What resources are made of. An operator that has just started knows by the server's answer alone whether somebody has
 * changed such an object, and which of its fields are its own.
 */
const isOwned = (path: string) => !path.startsWith('/apis/kafka-events.dev/');

function count(counts: Map<string, number>, what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1);
}

/** Without the namespace. */
const shorten = (path: string) => path.replace(/^.*\/namespaces\/[^/]+\//, '');
const describe = ({ metadata }: KubernetesObject) => JSON.stringify({ ...metadata, managedFields: undefined });
const excerpt = (body: Buffer) => body.toString().slice(0, 300);
