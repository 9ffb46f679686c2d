import { join } from 'node:path';
import { projectFolder } from '../localcluster/settings.ts';
import { step } from '../localcluster/progress.ts';
import type { Place } from './place.ts';
import { waitUntilReady } from './wait.ts';

export const release = 'kafka-events';
export const namespace = 'kafka-events';
export const topics = ['task-events', 'task-updates', 'reminders'] as const;

/** How long it took until everything was Ready, in seconds. */
export interface InstallTimes {
  /** From the beginning of helm install to EventCluster Ready. */
  readonly cluster: number;
  /** From there to the three EventTopics Ready. */
  readonly topics: number;
}

/** Installs the chart as a user would, or upgrades what an earlier run installed, and waits until all of it is Ready. */
export async function install(place: Place): Promise<InstallTimes> {
  const started = performance.now();
  await step(`helm upgrade --install ${release}`, () =>
    place.helm([
      ...['upgrade', '--install', release, join(projectFolder, 'charts', 'kafka-events')],
      ...['--namespace', namespace, '--create-namespace', ...place.helmValues],
    ]),
  );
  await ready(place, 'EventCluster events is Ready', ['eventcluster/events'], 300);
  const clusterReady = performance.now();
  await ready(place, 'The three EventTopics are Ready', topicNames(), 120);
  const topicsReady = performance.now();
  await ready(
    place,
    'ChatApi and ReminderConsumer are Ready',
    ['chatapi/chat-api', 'reminderconsumer/reminder-worker'],
    180,
  );
  return { cluster: (clusterReady - started) / 1000, topics: (topicsReady - clusterReady) / 1000 };
}

function ready(place: Place, title: string, names: readonly string[], limitSeconds: number): Promise<void> {
  return waitUntilReady(place, namespace, title, names, limitSeconds);
}

function topicNames(): string[] {
  return topics.map((name) => `eventtopic/${name}`);
}

/** The token that the chart made for its user. */
export async function readToken(place: Place, user: string): Promise<string> {
  const get = ['get', 'secret', 'chat-api-tokens', '--namespace', namespace];
  return Buffer.from(await place.kubectl([...get, `--output=jsonpath={.data.${user}}`]), 'base64').toString();
}
