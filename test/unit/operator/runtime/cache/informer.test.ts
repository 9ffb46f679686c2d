import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { systemClock, type Clock } from '../../../../../src/lib/clock.ts';
import { Informer, type Change } from '../../../../../src/operator/runtime/cache/informer.ts';
import { configMaps } from '../../../../../src/operator/kinds.ts';
import { silentLogger } from '../../../../support/running-manager.ts';
import { ScriptedServer, step, type ConfigMap } from '../../../../support/scripted-server.ts';

const impatient: Clock = { ...systemClock, sleep: () => Promise.resolve() };

/** What somebody knows who only listens, and every change that did not fit what was known. */
class Listener {
  readonly known = new Map<string, ConfigMap>();
  readonly contradictions: Change<ConfigMap>[] = [];

  readonly hear = (change: Change<ConfigMap>): void => {
    const { object, previous, deleted } = change;
    const { name } = object.metadata;
    const fits = this.known.get(name) === previous && (deleted ? object === previous : isLater(object, previous));
    if (!fits) this.contradictions.push(change);
    if (deleted) this.known.delete(name);
    else this.known.set(name, object);
  };
}

const versionOf = ({ metadata }: ConfigMap) => Number(metadata.resourceVersion);
const isLater = (object: ConfigMap, previous: ConfigMap | undefined) =>
  !previous || versionOf(object) > versionOf(previous);

const versions = (objects: Iterable<ConfigMap>) =>
  [...objects].map(({ metadata }) => `${metadata.name} ${metadata.uid} ${metadata.resourceVersion}`).sort();

describe('an informer, whatever breaks', () => {
  it('ends with what the server has, tells a story without gaps, and never goes back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40, size: 'max' }), async (steps) => {
        const server = new ScriptedServer(steps);
        const options = { kind: configMaps, namespaces: [], clock: impatient, logger: silentLogger, freeze: true };
        const informer = new Informer({ ...options, client: server });
        const listener = new Listener();
        informer.onChange(listener.hear);
        server.onWrite = (written) => informer.observe(written);
        await informer.run(server.finished);
        expect(versions(informer.cache.list())).toEqual(versions(server.objects.values()));
        expect(listener.contradictions).toEqual([]);
        expect(versions(listener.known.values())).toEqual(versions(server.objects.values()));
      }),
      { numRuns: 500 },
    );
  });
});
