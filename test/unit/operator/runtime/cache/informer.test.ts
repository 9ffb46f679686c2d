import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { systemClock, type Clock } from '../../../../../src/lib/clock.ts';
import { Informer, type Change } from '../../../../../src/operator/runtime/cache/informer.ts';
import type { Lister } from '../../../../../src/operator/runtime/cache/object-cache.ts';
import { configMaps } from '../../../../../src/operator/kinds.ts';
import { keyOf } from '../../../../../src/operator/runtime/objects.ts';
import { silentLogger } from '../../../../support/running-manager.ts';
import { ScriptedServer, step, type ConfigMap } from '../../../../support/scripted-server.ts';

const impatient: Clock = { ...systemClock, sleep: () => Promise.resolve() };

/** What somebody knows who only listens, and every change that did not fit what was known. */
class Listener {
  readonly known = new Map<string, ConfigMap>();
  readonly contradictions: Change<ConfigMap>[] = [];
  /** Uids of what was deleted, or replaced by another of that name. */
  readonly #gone = new Set<string>();

  readonly hear = (change: Change<ConfigMap>): void => {
    const { object, previous, deleted } = change;
    const { name, uid } = object.metadata;
    const fits = this.known.get(name) === previous && (deleted ? object === previous : isLater(object, previous));
    if (!fits || this.#gone.has(uid)) this.contradictions.push(change);
    if (previous && (deleted || previous.metadata.uid !== uid)) this.#gone.add(previous.metadata.uid);
    if (deleted) this.known.delete(name);
    else this.known.set(name, object);
  };
}

/** Holds what was written by us, and answered, against what the cache shows. */
class Writer {
  readonly #answered = new Map<string, ConfigMap>();
  readonly #server: ScriptedServer;
  readonly #cache: Lister<ConfigMap>;
  readonly unseen: string[] = [];

  constructor(server: ScriptedServer, cache: Lister<ConfigMap>) {
    this.#server = server;
    this.#cache = cache;
  }

  answered(written: ConfigMap): void {
    const before = this.#answered.get(written.metadata.name);
    if (isEnd(written) || isLater(written, before)) this.#answered.set(written.metadata.name, written);
    this.look();
  }

  readonly look = (): void => {
    for (const written of this.#answered.values()) {
      const shown = this.#cache.get(keyOf(written));
      const isShown = shown?.metadata.uid === written.metadata.uid;
      const isDeleted = this.#server.deleted.has(written.metadata.uid);
      if (isEnd(written) ? isShown : !isDeleted && (!isShown || versionOf(shown) < versionOf(written))) {
        this.unseen.push(`${written.metadata.uid} ${written.metadata.resourceVersion}`);
      }
    }
  };
}

const versionOf = ({ metadata }: ConfigMap) => Number(metadata.resourceVersion);
const isLater = (object: ConfigMap, previous: ConfigMap | undefined) =>
  !previous || versionOf(object) > versionOf(previous);
const isEnd = ({ metadata }: ConfigMap) => metadata.deletionTimestamp !== undefined;

const versions = (objects: Iterable<ConfigMap>) =>
  [...objects].map(({ metadata }) => `${metadata.name} ${metadata.uid} ${metadata.resourceVersion}`).sort();

const informerOf = (client: ScriptedServer) =>
  new Informer({ client, kind: configMaps, namespaces: [], clock: impatient, logger: silentLogger, freeze: true });

describe('an informer, whatever breaks', () => {
  it.each([
    ['streams lists', true],
    ['lists in pages only', false],
  ])(
    'of a server that %s, shows what we wrote, never goes back, and ends with what the server has',
    async (_, streams) => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), async (steps) => {
          const server = new ScriptedServer(steps, { streamsLists: streams });
          const informer = informerOf(server);
          const listener = new Listener();
          const writer = new Writer(server, informer.cache);
          informer.onChange(listener.hear);
          informer.onChange(writer.look);
          server.onWrite = (written) => {
            informer.observe(written);
            writer.answered(written);
          };
          await informer.run(server.finished);
          writer.look();
          expect(versions(informer.cache.list())).toEqual(versions(server.objects.values()));
          expect(listener.contradictions).toEqual([]);
          expect(writer.unseen).toEqual([]);
          expect(versions(listener.known.values())).toEqual(versions(server.objects.values()));
          if (!streams) expect(server.lists).not.toContain('stream');
        }),
        { numRuns: 500 },
      );
    },
  );
});
