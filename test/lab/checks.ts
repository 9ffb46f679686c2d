import type { EventCluster } from '../../src/api/event-cluster.ts';
import { configMaps, eventClusters, pods, statefulSets } from '../../src/operator/kinds.ts';
import { keyOf, keyText, type KubernetesObject } from '../../src/operator/runtime/objects.ts';
import { podClusters } from './operations.ts';
import { cachedKinds } from './cached-kinds.ts';
import type { World } from './world.ts';

type Value = string | number | bigint | undefined;

/** What is not as the model says, in words; nothing in the end. */
export async function checkTopics(world: World): Promise<string[]> {
  const [resources, topics] = await Promise.all([world.eventTopics(), world.topics()]);
  return world.model.check(resources, topics);
}

/** Every cluster is ready about its newest spec, and its brokers run from it. */
export async function checkClusters({ kubernetes: { client }, namespace }: World): Promise<string[]> {
  const all = await client.list(eventClusters, namespace);
  const unready = all.items.flatMap(({ metadata, status }) => {
    const ready = status?.conditions?.find(({ type }) => type === 'Ready');
    const isReady = ready?.status === 'True' && status?.observedGeneration === metadata.generation;
    return isReady ? [] : [`EventCluster ${metadata.name}: ${ready?.reason}: ${ready?.message}`];
  });
  const run = all.items.filter(({ metadata }) => podClusters.includes(metadata.name));
  const problems = await Promise.all(run.map((cluster) => checkBrokers(client, cluster)));
  return [...unready, ...problems.flat()];
}

async function checkBrokers(client: World['kubernetes']['client'], cluster: EventCluster): Promise<string[]> {
  const { name, namespace } = cluster.metadata;
  const statefulSet = await client.get(statefulSets, { namespace, name });
  const configMap = await client.get(configMaps, { namespace, name: `${name}-brokers` });
  const { items } = await client.list(pods, namespace);
  const revision = statefulSet?.status?.updateRevision;
  const own = items.filter(({ metadata }) => metadata.labels?.['app.kubernetes.io/instance'] === name);
  const outdated = own.filter(({ metadata }) => metadata.labels?.['controller-revision-hash'] !== revision);
  const { config = {}, podTemplate, resources } = cluster.spec;
  const template = statefulSet?.spec?.template;
  const memory = template?.spec?.containers[0]?.resources?.limits?.['memory'];
  const lab = template?.metadata?.annotations?.['lab'];
  const threads = /^num\.io\.threads=(.*)$/m.exec(configMap?.data?.['server-0.properties'] ?? '')?.[1];
  const compare = (what: string, wanted: Value | null, actual: Value) =>
    wanted === undefined || String(wanted) === String(actual)
      ? []
      : [`${name}: ${what} ${String(actual)}, not ${String(wanted)}`];
  return [
    ...compare('pods', 3, own.length),
    ...outdated.map(({ metadata }) => `${metadata.name} runs from an older template`),
    ...compare('num.io.threads', config['num.io.threads'], threads),
    ...compare('annotation', podTemplate?.metadata?.annotations?.['lab'], lab),
    ...compare('memory', resources?.limits?.['memory'], memory),
  ];
}

/** Every operator has in its caches what the API server has, no more and no less. */
export async function checkCaches({ kubernetes: { client }, namespace, fleet }: World): Promise<string[]> {
  const problems: string[] = [];
  for (const kind of cachedKinds) {
    const { items } = await client.list(kind, namespace);
    const wanted = versions(items);
    for (const [identity, caches] of fleet.caches()) {
      const held = versions(caches?.of(kind).list(namespace) ?? []);
      for (const key of new Set([...wanted.keys(), ...held.keys()])) {
        const [there, here] = [wanted.get(key), held.get(key)];
        if (there !== here) problems.push(`${identity} holds ${kind.kind} ${key} at ${here}, which is at ${there}`);
      }
    }
  }
  return problems;
}

const versions = (objects: readonly KubernetesObject[]) =>
  new Map(
    objects.map((object) => [keyText(keyOf(object)), `${object.metadata.uid}@${object.metadata.resourceVersion}`]),
  );
