/**
 * The main job, for real: `make demo`. Ends with exit code 0 only if every step was seen to happen and every promise of
 * the table was kept; leaves the system running, and can be run again.
 */
import { say, step } from '../localcluster/progress.ts';
import { readSettings } from '../localcluster/settings.ts';
import { install, namespace } from './install.ts';
import { connectTo } from './kafka-client.ts';
import { localCluster } from './local-cluster.ts';
import { readOptions } from './options.ts';
import type { Place, Reach } from './place.ts';
import { tellStory } from './story.ts';
import { renderTable, rows } from './table.ts';
import { userCluster } from './user-cluster.ts';

const started = performance.now();
try {
  const settings = readSettings();
  const options = readOptions();
  const { context, engine } = options;
  const place =
    context === undefined ? await localCluster(settings, engine) : await userCluster(settings, { ...options, context });
  say(`\nInstalling on ${place.title}`);
  const installTimes = await install(place);
  const reach = await step('Ways to the API and the brokers', () => place.reach(namespace));
  try {
    const storyTimes = await tellStory(place, reach, await connectTo(place, namespace, reach));
    const table = rows(installTimes, storyTimes, (performance.now() - started) / 1000);
    say(`\n${renderTable(table)}`);
    for (const invalid of storyTimes.invalidEvents) say(`  ✗ ${invalid}`);
    say(`\n${await closingWords(place, reach)}`);
    process.exitCode = table.every(({ kept }) => kept) ? 0 : 1;
  } finally {
    await reach.close();
  }
} catch (error) {
  say(`\nThe demo did not reach its end: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

async function closingWords(place: Place, reach: Reach): Promise<string> {
  const token = `kubectl get secret chat-api-tokens -n ${namespace} -o jsonpath='{.data.demo}' | base64 -d`;
  return [
    await place.kubectl(['get', 'kafka-events', '--namespace', namespace]),
    '',
    ...reach.commands.map((command) => `  ${command}`),
    `  Page and API  ${reach.api}    its token: ${token}`,
    `  Kafka         ${reach.bootstrapServers.join(',')}`,
    `  All gone      ${place.removal}`,
  ].join('\n');
}
