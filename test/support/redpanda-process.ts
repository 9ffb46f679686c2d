/** One broker of the stand-in for Redpanda, as in a pod: `node redpanda-process.ts REDPANDA_YAML JAVA_COMMAND...` */
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import type { RedpandaYaml } from '../../localcluster/redpanda-stand-in/redpanda-yaml.ts';
import { runRedpanda } from '../../localcluster/redpanda-stand-in/redpanda.ts';
import { redpandaFlags } from '../../localcluster/redpanda-stand-in/rpk-start.ts';

const [file = '', ...java] = process.argv.slice(2);
const { rpk } = parse(await readFile(file, 'utf8')) as RedpandaYaml;
await runRedpanda(file, redpandaFlags(rpk), { java, container: Infinity });
