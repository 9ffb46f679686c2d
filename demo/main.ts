/**
 * The main job, for real: `make demo`. Ends with exit code 0 only if every step was seen to happen and every promise of
 * the table was kept; leaves the system running, and can be run again.
 */
import { availableParallelism, loadavg } from 'node:os';
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
  const reach = await step('Connecting to the API and the brokers', () => place.reach(namespace));
  try {
    const storyTimes = await tellStory(place, reach, await connectTo(place, namespace, reach));
    const table = rows(installTimes, storyTimes, (performance.now() - started) / 1000);
    say(`\nMeasured (the slowest of several), and the limit\n${renderTable(table)}`);
    for (const invalid of storyTimes.invalidEvents) say(`  ✗ ${invalid}`);
    say(`\n${await closingWords(place, reach)}`);
    const missed = table.filter(({ kept }) => kept === false).length;
    if (missed > 0) say(`\n${missedWords(missed)}`);
    process.exitCode = missed > 0 ? 1 : 0;
  } finally {
    await reach.close();
  }
} catch (error) {
  say(`\nThe demo failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

function missedWords(count: number): string {
  const promises = count === 1 ? 'One promise was' : `${count} promises were`;
  const load = `a load of ${loadavg()[0]!.toFixed(1)} on ${availableParallelism()} processors`;
  return `${promises} not kept (✗); this machine had ${load}. The system is running: make demo measures it again.`;
}

async function closingWords(place: Place, reach: Reach): Promise<string> {
  const token = `kubectl get secret chat-api-tokens -n ${namespace} -o jsonpath='{.data.demo}' | base64 -d; echo`;
  return [
    await place.kubectl(['get', 'kafka-events', '--namespace', namespace]),
    '',
    'Next',
    ...reach.commands.map((command) => `  ${command}`),
    `  Page and API  ${reach.api}`,
    `  Sign in with  ${token}`,
    `  Kafka         ${reach.bootstrapServers.join(',')}`,
    '  Try           say "Call the bank tomorrow at 9" on the page; docs/quickstart.md shows how with curl',
    `  Remove it     ${place.removal}`,
  ].join('\n');
}
