import { parse } from 'yaml';
import { refuseUnknown, type RedpandaYaml } from './redpanda-yaml.ts';

/**
 * `rpk redpanda config set KEY VALUE`: the value is YAML, and the key leads to it, by names and numbers in brackets.
 *
 * @throws {Error} for a key that redpanda.yaml does not have
 */
export function setConfig(yaml: RedpandaYaml, key: string, value: string): RedpandaYaml {
  const steps = key.split(/[.[]/).map((step) => (step.endsWith(']') ? Number(step.slice(0, -1)) : step));
  const changed = structuredClone(yaml) as unknown as Container;
  let at = changed;
  steps.forEach((step, index) => {
    const next = steps[index + 1];
    if (next === undefined) at[step] = parse(value) as unknown;
    else at = (at[step] ??= typeof next === 'number' ? [] : {}) as Container;
  });
  const whole = changed as unknown as RedpandaYaml;
  refuseUnknown(whole);
  return whole;
}

type Container = Record<string | number, unknown>;
