/**
 * `rpk`, as far as the operator's pods use it: `rpk redpanda config set` and `rpk redpanda start`. It is as strict as the
 * real one about what it is given, and knows less.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { parse, stringify } from 'yaml';
import type { RedpandaYaml } from './redpanda-yaml.ts';
import { setConfig } from './rpk-config.ts';
import { advertiseRpc, redpandaFlags } from './rpk-start.ts';

const configFile = '/etc/redpanda/redpanda.yaml';

try {
  await run(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}

async function run(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { config: { type: 'string', default: configFile }, 'advertise-rpc-addr': { type: 'string' } },
    allowPositionals: true,
  });
  const [command, verb, ...rest] = positionals;
  const words = [command, verb, command === 'redpanda' && verb === 'config' ? rest.shift() : undefined].filter(Boolean);
  const file = values.config;
  switch (words.join(' ')) {
    case 'redpanda config set': {
      const [key = '', value = ''] = rest;
      return write(file, setConfig(await read(file), key, value));
    }
    case 'redpanda start': {
      // Only now: rpk sets four keys before each start, and all that the broker consists of takes a second to load.
      const { imageSurroundings, runRedpanda } = await import('./redpanda.ts');
      const yaml = advertiseRpc(await read(file), values['advertise-rpc-addr']);
      await write(file, yaml);
      return runRedpanda(file, redpandaFlags(yaml.rpk), imageSurroundings());
    }
    default:
      throw new Error(`unknown command "${words.join(' ')}" for "rpk"`);
  }
}

async function read(file: string): Promise<RedpandaYaml> {
  return parse(await readFile(file, 'utf8')) as RedpandaYaml;
}

async function write(file: string, yaml: RedpandaYaml): Promise<void> {
  await writeFile(file, stringify(yaml, { lineWidth: 0 }));
}
