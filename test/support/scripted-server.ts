import fc from 'fast-check';
import {
  statusError,
  streamingUnsupported,
  transportError,
} from '../../src/operator/runtime/transport/kubernetes-error.ts';
import type { configMaps } from '../../src/operator/kinds.ts';
import type { ObjectList } from '../../src/operator/runtime/transport/kubernetes-client.ts';
import { defaultWatchTiming, type WatchEvent } from '../../src/operator/runtime/transport/watch.ts';

export type ConfigMap = NonNullable<(typeof configMaps)['objectType']>;

const name = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const nobody = fc.constant('');

/** One thing that happens at the server, or to a connection with it. */
export const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ does: fc.constantFrom('write', 'delete', 'write-ours', 'write-ours-late'), name }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('end-ours'), name }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constantFrom('tell', 'tell-one', 'answer-late'), name: nobody }) },
  {
    weight: 2,
    arbitrary: fc.record({ does: fc.constantFrom('repeat', 'bookmark', 'end', 'break', 'forget'), name: nobody }),
  },
);

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

interface ScriptedServerOptions {
  /** As servers before Kubernetes 1.32 do not. */
  readonly streamsLists?: boolean;
}

/**
 * Not an API server: its lists and watches, as a script says. What is written is told to a watch only at the next
 * `tell` (`tell-one` tells one event of it, `repeat` tells again what was told), and a list that began before may leave
 * it out. The script goes on while a list is read, as the world does.
 */
export class ScriptedServer {
  readonly watchTiming = defaultWatchTiming;
  readonly objects = new Map<string, ConfigMap>();
  /** Uids of all that was ever deleted. */
  readonly deleted = new Set<string>();
  /** How often everything was listed, and how. */
  readonly lists: ('pages' | 'stream')[] = [];
  /** Called with the answer to a write of our own: at once, or after much has happened. */
  onWrite: (written: ConfigMap) => void = () => {};
  readonly #events: WatchEvent<ConfigMap>[] = [];
  readonly #steps: Iterator<Step, undefined>;
  readonly #streamsLists: boolean;
  readonly #finished = new AbortController();
  readonly #lateAnswers: ConfigMap[] = [];
  #version = 1;
  /** Watches from an older version are refused. */
  #oldest = 0;

  constructor(steps: readonly Step[], { streamsLists = true }: ScriptedServerOptions = {}) {
    this.#steps = steps.values() as Iterator<Step, undefined>;
    this.#streamsLists = streamsLists;
  }

  /** Aborts when the script is over and everything has been told. */
  get finished(): AbortSignal {
    return this.#finished.signal;
  }

  async *pages(): AsyncGenerator<ObjectList<never>> {
    this.lists.push('pages');
    const [items, resourceVersion] = [[...this.objects.values()], String(this.#version)];
    for (let start = 0; start === 0 || start < items.length; start += 2) {
      yield { items: items.slice(start, start + 2) as never[], resourceVersion };
      await Promise.resolve();
      // A list has nothing to tell but itself, and breaks as a watch does.
      this.#next({ isWatch: false });
    }
  }

  async *watch(_: unknown, _namespace: unknown, from: string | undefined): AsyncGenerator<WatchEvent<never>> {
    if (from === undefined && !this.#streamsLists) throw streamingUnsupported('watch');
    if (from !== undefined && Number(from) < this.#oldest) throw forgotten;
    const began = Number(from ?? this.#version);
    let told = began;
    let isComplete = from !== undefined;
    const initial = isComplete ? [] : [...this.objects.values()];
    if (!isComplete) this.lists.push('stream');
    for (;;) {
      await Promise.resolve();
      const [object] = initial.splice(0, 1);
      if (object) yield { type: 'ADDED', object: object as never };
      const step = this.#next({ isWatch: true });
      if (step?.does === 'end') return;
      if (initial.length > 0 && step) continue;
      for (const rest of initial.splice(0)) yield { type: 'ADDED', object: rest as never };
      if (!step || tells.has(step.does)) {
        const pending = this.#events.filter((event) => versionOf(event.object) > told);
        for (const event of step?.does === 'tell-one' ? pending.slice(0, 1) : pending) {
          told = versionOf(event.object);
          yield event as never;
        }
      }
      if (!step) told = this.#version;
      if (!isComplete && (!step || step.does === 'bookmark')) {
        isComplete = true;
        yield bookmark(told, { 'k8s.io/initial-events-end': 'true' });
      } else if (step?.does === 'bookmark') yield bookmark(told);
      if (step?.does === 'repeat') {
        const repeated = this.#events.filter(({ object }) => versionOf(object) > began && versionOf(object) <= told);
        yield* repeated.slice(-3) as never[];
      }
      if (!step) return this.#finished.abort();
    }
  }

  /** What a connection has to do next, after all that happens at the server. Undefined when the script is over. */
  #next({ isWatch }: { readonly isWatch: boolean }): Step | undefined {
    const { value: step } = this.#steps.next();
    if (step) this.#do(step, isWatch);
    return step;
  }

  #do({ does, name }: Step, isWatch: boolean): void {
    if (does === 'break') throw transportError(new Error('reset'), 'watch');
    if (does === 'forget') {
      this.#version += 1;
      this.#oldest = this.#version;
      throw forgotten;
    }
    if (does === 'write') this.#write(name);
    if (does === 'delete') this.#delete(name);
    if (does === 'write-ours') this.onWrite(this.#write(name));
    if (does === 'write-ours-late') this.#lateAnswers.push(this.#write(name));
    if (does === 'end-ours') this.#end(name);
    if (does === 'answer-late' && this.#lateAnswers.length > 0) this.onWrite(this.#lateAnswers.shift()!);
    if (does === 'end' && !isWatch) throw transportError(new Error('reset'), 'list');
  }

  #write(name: string): ConfigMap {
    const present = this.objects.get(name);
    const metadata = this.#metadata(name, present?.metadata.uid ?? `${name}-${this.#version}`);
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata };
    this.objects.set(name, object);
    this.#events.push({ type: present ? 'MODIFIED' : 'ADDED', object });
    return object;
  }

  #delete(name: string): ConfigMap | undefined {
    const present = this.objects.get(name);
    if (!present) return undefined;
    this.objects.delete(name);
    this.deleted.add(present.metadata.uid);
    this.#events.push({
      type: 'DELETED',
      object: { ...present, metadata: this.#metadata(name, present.metadata.uid) },
    });
    return present;
  }

  /** Takes off the last finalizer: the answer has the version before, as the API server's has. */
  #end(name: string): void {
    const ended = this.#delete(name);
    if (!ended) return;
    const metadata = { ...ended.metadata, deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: [] };
    this.onWrite({ ...ended, metadata });
  }

  #metadata(name: string, uid: string): ConfigMap['metadata'] {
    this.#version += 1;
    const creationTimestamp = '2026-01-01T00:00:00Z';
    return { namespace: 'tasks', name, uid, resourceVersion: String(this.#version), creationTimestamp };
  }
}

const tells = new Set(['tell', 'tell-one', 'bookmark']);

const forgotten = statusError({ code: 410, reason: 'Expired' }, 'watch');

const bookmark = (version: number, annotations: Readonly<Record<string, string>> = {}): WatchEvent<never> => ({
  type: 'BOOKMARK',
  object: { metadata: { resourceVersion: String(version), annotations } },
});

const versionOf = ({ metadata }: WatchEvent<ConfigMap>['object']) => Number(metadata.resourceVersion);
