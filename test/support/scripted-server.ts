import fc from 'fast-check';
import { statusError, transportError } from '../../src/operator/runtime/transport/kubernetes-error.ts';
import type { configMaps } from '../../src/operator/kinds.ts';
import type { ObjectList } from '../../src/operator/runtime/transport/kubernetes-client.ts';
import { defaultWatchTiming, type WatchEvent } from '../../src/operator/runtime/transport/watch.ts';

export type ConfigMap = NonNullable<(typeof configMaps)['objectType']>;

const name = fc.constantFrom('a', 'b', 'c', 'd', 'e');

/** One thing that happens at the server, or to a connection with it. */
export const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ does: fc.constantFrom('write', 'delete', 'write-ours'), name }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('tell'), name: fc.constant('') }) },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constantFrom('bookmark', 'end', 'break', 'forget', 'answer-late', 'forget-in-list'),
      name: fc.constant(''),
    }),
  },
);

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/**
 * Not an API server: its lists and watches, as a script says. What is written is told to a watch only at the next
 * `tell`, and may be lost by a list that comes before it, as it is when a connection breaks.
 */
export class ScriptedServer {
  readonly watchTiming = defaultWatchTiming;
  readonly objects = new Map<string, ConfigMap>();
  /** Called with the answer to a write of our own: at once, or after much has happened. */
  onWrite: (written: ConfigMap) => void = () => {};
  readonly #events: WatchEvent<ConfigMap>[] = [];
  readonly #steps: Iterator<Step>;
  readonly #finished = new AbortController();
  readonly #lateAnswers: ConfigMap[] = [];
  #version = 1;
  /** Watches from an older version are refused. */
  #oldest = 0;
  #forgetsInList = 0;

  constructor(steps: readonly Step[]) {
    this.#steps = steps.values();
  }

  /** Aborts when the script is over and everything has been told. */
  get finished(): AbortSignal {
    return this.#finished.signal;
  }

  async *pages(): AsyncGenerator<ObjectList<never>> {
    const [items, resourceVersion] = [[...this.objects.values()], String(this.#version)];
    for (let start = 0; start === 0 || start < items.length; start += 2) {
      yield { items: items.slice(start, start + 2) as never[], resourceVersion };
      await Promise.resolve();
      if (this.#forgetsInList > 0) {
        this.#forgetsInList -= 1;
        throw forgotten;
      }
    }
  }

  async *watch(_: unknown, _namespace: unknown, resourceVersion: string): AsyncGenerator<WatchEvent<never>> {
    let told = Number(resourceVersion);
    if (told < this.#oldest) throw forgotten;
    for (;;) {
      await Promise.resolve();
      const { value: step } = this.#steps.next() as IteratorYieldResult<Step> | IteratorReturnResult<undefined>;
      if (!step || step.does === 'tell' || step.does === 'bookmark') {
        for (const event of this.#events.filter((one) => versionOf(one.object) > told)) yield event as never;
        told = this.#version;
      }
      if (!step) return this.#finished.abort();
      if (step.does === 'end') return;
      if (step.does === 'bookmark') yield { type: 'BOOKMARK', object: { metadata: { resourceVersion: String(told) } } };
      this.#do(step);
    }
  }

  #do({ does, name }: Step): void {
    if (does === 'break') throw transportError(new Error('reset'), 'watch');
    if (does === 'forget-in-list') this.#forgetsInList += 1;
    if (does === 'forget' || does === 'forget-in-list') {
      this.#version += 1;
      this.#oldest = this.#version;
      throw forgotten;
    }
    if (does === 'write') this.#write(name);
    if (does === 'delete') this.#delete(name);
    if (does === 'write-ours') {
      const written = this.#write(name);
      this.onWrite(written);
      this.#lateAnswers.push(written);
    }
    const late = does === 'answer-late' && this.#lateAnswers.shift();
    if (late) this.onWrite(late);
  }

  #write(name: string): ConfigMap {
    const present = this.objects.get(name);
    const metadata = this.#metadata(name, present?.metadata.uid ?? `${name}-${this.#version}`);
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata };
    this.objects.set(name, object);
    this.#events.push({ type: present ? 'MODIFIED' : 'ADDED', object });
    return object;
  }

  #delete(name: string): void {
    const present = this.objects.get(name);
    if (!present) return;
    this.objects.delete(name);
    this.#events.push({
      type: 'DELETED',
      object: { ...present, metadata: this.#metadata(name, present.metadata.uid) },
    });
  }

  #metadata(name: string, uid: string): ConfigMap['metadata'] {
    this.#version += 1;
    const creationTimestamp = '2026-01-01T00:00:00Z';
    return { namespace: 'tasks', name, uid, resourceVersion: String(this.#version), creationTimestamp };
  }
}

const forgotten = statusError({ code: 410, reason: 'Expired' }, 'watch');

const versionOf = ({ metadata }: WatchEvent<ConfigMap>['object']) => Number(metadata.resourceVersion);
