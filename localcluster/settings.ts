import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** What the local cluster takes from its environment; the one place under localcluster/ that reads it. */
export interface Settings {
  /** The cluster's name: two clusters of different names live side by side. From CLUSTER. */
  readonly clusterName: string;
  /** Builds and downloads, kept between runs and shared by all checkouts. Below XDG_CACHE_HOME. */
  readonly cacheFolder: string;
  /** What a running cluster writes; gone after `make down`. Below XDG_STATE_HOME. */
  readonly stateFolder: string;
  /** Where finished builds can be fetched from instead of being built, or undefined. From KAFKA_EVENTS_BINARIES_URL. */
  readonly binariesUrl: string | undefined;
  /** The first of the ports on 127.0.0.1 that the cluster listens on. From CLUSTER_PORT. */
  readonly firstPort: number;
}

/** The checkout that this file is part of. */
export const projectFolder = resolve(import.meta.dirname, '..');

/** @throws {Error} naming the variable whose value cannot be used */
export function readSettings(environment: NodeJS.ProcessEnv = process.env): Settings {
  const clusterName = environment['CLUSTER'] || 'kafka-events';
  if (!/^[a-z]([-a-z0-9]{0,30}[a-z0-9])?$/.test(clusterName)) {
    throw new Error(
      `CLUSTER is "${clusterName}"; a name has up to 32 lower-case letters, digits and dashes, beginning with a letter`,
    );
  }
  const port = environment['CLUSTER_PORT'];
  const firstPort = port ? Number(port) : portOfName(clusterName);
  if (!Number.isInteger(firstPort) || firstPort < 1024 || firstPort > 65_000) {
    throw new Error(`CLUSTER_PORT is "${port}"; a port is a number from 1024 to 65000`);
  }
  return {
    clusterName,
    cacheFolder: join(environment['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'kafka-events'),
    stateFolder: join(environment['XDG_STATE_HOME'] || join(homedir(), '.local', 'state'), 'kafka-events', clusterName),
    binariesUrl: environment['KAFKA_EVENTS_BINARIES_URL']?.replace(/\/+$/, '') || undefined,
    firstPort,
  };
}

/** The settings of another cluster on the same machine, whatever CLUSTER and CLUSTER_PORT say. */
export function settingsOf(clusterName: string): Settings {
  return readSettings({ ...process.env, CLUSTER: clusterName, CLUSTER_PORT: undefined });
}

/** The default cluster has the same ports every time; any other has ports that follow from its name. */
function portOfName(name: string): number {
  if (name === 'kafka-events') return 16_443;
  return 20_000 + (createHash('sha256').update(name).digest().readUInt16BE() % 1000) * 10;
}
