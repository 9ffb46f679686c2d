import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { planCluster } from '../../../../src/operator/event-cluster/plan.ts';
import { configFiles } from '../../../../src/operator/event-cluster/redpanda/config-map.ts';
import type { RedpandaYaml } from '../../../../localcluster/redpanda-stand-in/redpanda-yaml.ts';
import { setConfig } from '../../../../localcluster/redpanda-stand-in/rpk-config.ts';
import { advertiseRpc, redpandaFlags } from '../../../../localcluster/redpanda-stand-in/rpk-start.ts';
import { readStartFlags, refuseMemory } from '../../../../localcluster/redpanda-stand-in/start-flags.ts';
import { anEventCluster } from '../../../support/resources.ts';

const plan = planCluster(anEventCluster(), 3, { statefulSet: undefined, firstClaim: undefined });
const yaml = parse(configFiles(plan)['redpanda.yaml']!) as RedpandaYaml;

describe('rpk redpanda config set, of the stand-in', () => {
  it('puts YAML where the key leads, and keeps the rest', () => {
    const address = '{name: kafka, address: events-0.example, port: 9092}';
    const changed = setConfig(yaml, 'redpanda.advertised_kafka_api[0]', address);
    const advertised = [{ name: 'kafka', address: 'events-0.example', port: 9092 }];
    expect(changed).toEqual({ ...yaml, redpanda: { ...yaml.redpanda, advertised_kafka_api: advertised } });
  });

  it.each([
    ['redpanda.advertised_kafka[0]', '{address: a, port: 1}', /advertised_kafka/],
    ['redpanda.advertised_kafka_api[0]', '{adress: a, port: 1}', /adress/],
    ['redpanda.advertised_kafka_api[0]', '{name: outside, address: a, port: 1}', /listener outside,/],
  ])('refuses %s %s', (key, value, message) => {
    expect(() => setConfig(yaml, key, value)).toThrow(message);
  });
});

describe('rpk redpanda start, of the stand-in', () => {
  it('refuses overprovisioned among the flags, and takes its key', () => {
    expect(() => redpandaFlags({ additional_start_flags: ['--smp=1', '--overprovisioned'] })).toThrow(
      /configuration conflict/,
    );
    expect(redpandaFlags({ overprovisioned: true, additional_start_flags: ['--smp=1'] })).toContain(
      '--overprovisioned',
    );
  });

  it('writes the address that it is given, as it is', () => {
    expect(advertiseRpc(yaml, 'events-0.example.:33145').redpanda.advertised_rpc_api).toEqual({
      ...{ address: 'events-0.example.', port: 33145 },
    });
    expect(() => advertiseRpc(yaml, 'events-0.example')).toThrow(/invalid value/);
  });

  it('takes the flags of the operator, and no others', () => {
    expect(readStartFlags(redpandaFlags(yaml.rpk))).toEqual({ memory: 2048, reserveMemory: 205, smp: 1 });
    expect(() => readStartFlags(['--memroy=1G'])).toThrow("unrecognised option '--memroy=1G'");
  });

  it.each([
    [{ memory: 1024, reserveMemory: 200, smp: 1 }, 1224, undefined],
    [{ memory: 1023, reserveMemory: 200, smp: 1 }, Infinity, /below 1 GiB a core/],
    [{ memory: 2047, reserveMemory: 0, smp: 2 }, Infinity, /below 1 GiB a core/],
    [{ memory: 1024, reserveMemory: 201, smp: 1 }, 1224, /insufficient physical memory/],
  ])('starts with %o in %d MiB, or says why not', (flags, container, message) => {
    const starting = expect(() => refuseMemory(flags, container));
    if (message) starting.toThrow(message);
    else starting.not.toThrow();
  });
});
