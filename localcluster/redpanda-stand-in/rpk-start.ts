import type { RedpandaYaml } from './redpanda-yaml.ts';

/**
 * The flags that `rpk redpanda start` hands to redpanda.
 *
 * @throws {Error} for what has a key of its own in redpanda.yaml, in rpk's words
 */
export function redpandaFlags(rpk: RedpandaYaml['rpk'] = {}): string[] {
  const { overprovisioned = false, additional_start_flags = [] } = rpk;
  const conflict = additional_start_flags.find((flag) => /^--overprovisioned(=|$)/.test(flag));
  if (conflict !== undefined) {
    throw new Error(
      `configuration conflict. Flag '${conflict}' is also present in 'rpk.additional_start_flags' in the configuration file`,
    );
  }
  return [...additional_start_flags, ...(overprovisioned ? ['--overprovisioned'] : [])];
}

/** `--advertise-rpc-addr=HOST:PORT`, which rpk writes to redpanda.yaml. @throws {Error} when it is not of that form */
export function advertiseRpc(yaml: RedpandaYaml, advertised: string | undefined): RedpandaYaml {
  if (advertised === undefined) return yaml;
  const [, address, port] = /^(.+):(\d+)$/.exec(advertised) ?? [];
  if (address === undefined) throw new Error(`invalid value "${advertised}" for --advertise-rpc-addr`);
  return { ...yaml, redpanda: { ...yaml.redpanda, advertised_rpc_api: { address, port: Number(port) } } };
}
