import { digest } from '../../pods/digest.ts';
import { indexes } from '../names.ts';
import type { ClusterPlan } from '../plan.ts';
import { serverProperties, sharedText } from './properties.ts';

export const propertiesFile = (index: number | string) => `server-${index}.properties`;

/**
 * A file for each broker, so that what it runs with can be read with `kubectl get configmap`, and so that the tool that
 * formats its volume, which takes no overrides, reads the very same file.
 */
export function configFiles(plan: ClusterPlan): Record<string, string> {
  const files = indexes(plan.brokers).map((index) => [propertiesFile(index), serverProperties(plan, index)]);
  return { ...Object.fromEntries(files), 'log4j2.yaml': logging } as Record<string, string>;
}

export function configHash(plan: ClusterPlan): string {
  // What leads to the listener outside is not the brokers' business.
  const { loadBalancer: _, ...listener } = plan.spec.externalAccess ?? {};
  const secrets = plan.secretConfig ? [plan.secretConfig.hash] : [];
  return digest(sharedText(plan), JSON.stringify(plan.spec.externalAccess ? listener : null), logging, ...secrets);
}

/** Lines on stdout, for `kubectl logs`: the official image would write files below its root, which is read-only here. */
const logging = `Configuration:
  Appenders:
    Console:
      name: stdout
      PatternLayout:
        pattern: '%d{ISO8601} %p %m (%c{1})%n%throwable'
  Loggers:
    Root:
      level: INFO
      AppenderRef:
        ref: stdout
`;
