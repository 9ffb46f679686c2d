import { setTimeout as delay } from 'node:timers/promises';
import { connectTo } from '../../../demo/kafka-client.ts';
import type { Place, Reach } from '../../../demo/place.ts';
import { waitUntilReady } from '../../../demo/wait.ts';
import { tagImage } from '../../../localcluster/cluster/images-on-node.ts';
import { findNode } from '../../../localcluster/cluster/running-node.ts';
import type { Settings } from '../../../localcluster/settings.ts';
import {
  introductionMilliseconds,
  overlapMilliseconds,
} from '../../../src/operator/event-cluster/security/rotate-certificates.ts';
import { createAuthority, splitCertificates } from '../../../src/operator/event-cluster/security/certificates.ts';
import { until } from '../../support/until.ts';
import type { MessageFlow } from './message-flow.ts';

const patience = 600_000;
/** How long after the beginning the operator is killed for the first time, and how long after each time again. */
const killMilliseconds = { first: 5_000, next: 45_000 };
const user = 'demo';

/** Where the cluster `events` lives, and who uses it meanwhile. */
export interface Surroundings {
  readonly settings: Settings;
  readonly place: Place;
  readonly namespace: string;
  readonly reach: Reach;
  readonly flow: MessageFlow;
}

/** The EventCluster `events` of a local cluster, and what can happen to it. Each happening ends when all is well again. */
export class LivingCluster {
  readonly #on: Surroundings;

  constructor(surroundings: Surroundings) {
    this.#on = surroundings;
  }

  async change(spec: object): Promise<void> {
    await this.#kubectl('patch', 'eventcluster/events', '--type=merge', `--patch=${JSON.stringify({ spec })}`);
    await this.#ready();
  }

  /** To another name of the same image, since the node has no other. */
  async rollImage(): Promise<void> {
    const image = await this.#kubectl('get', 'eventcluster/events', '--output=jsonpath={.spec.image}');
    const other = image.endsWith('-again') ? image.slice(0, -'-again'.length) : `${image}-again`;
    await tagImage((await findNode(this.#on.settings))!, image, other);
    await this.change({ image: other });
  }

  async killPod(name: string): Promise<void> {
    await this.#replacing(name, () => this.#kubectl('delete', `pod/${name}`, '--grace-period=0', '--force'));
  }

  async loseVolume(name: string): Promise<void> {
    await this.#replacing(name, async () => {
      await this.#kubectl('delete', `persistentvolumeclaim/data-${name}`, '--wait=false');
      await this.#kubectl('delete', `pod/${name}`, '--grace-period=0', '--force');
    });
  }

  /** Of one broker only: the node is the only one. */
  async drainNodeOf(name: string): Promise<void> {
    const node = await this.#kubectl('get', `pod/${name}`, '--output=jsonpath={.spec.nodeName}');
    await this.#replacing(name, async () => {
      const ofBroker = `--pod-selector=statefulset.kubernetes.io/pod-name=${name}`;
      try {
        await this.#kubectl('drain', node, ofBroker, '--delete-emptydir-data', '--timeout=120s');
      } finally {
        await this.#kubectl('uncordon', node);
      }
    });
  }

  async renewCertificates(): Promise<void> {
    const before = await this.#certificatesOfPods();
    await this.#kubectl('delete', 'secret', 'events-brokers-tls', 'events-operator-tls');
    await until(async () => (await this.#certificatesOfPods()).every((hash) => !before.includes(hash)), patience);
    await this.#ready();
  }

  /** By an authority that was made so long ago that no step of the rotation has to wait. */
  async rotateAuthority(): Promise<void> {
    const madeAt = new Date(Date.now() - introductionMilliseconds - overlapMilliseconds - 60_000);
    const { certificate, privateKey } = await createAuthority(madeAt);
    const stringData = { 'ca.crt': certificate, 'ca.key': privateKey };
    await this.#kubectl('patch', 'secret/events-ca-key', '--type=merge', `--patch=${JSON.stringify({ stringData })}`);
    await until(async () => (await this.#trusted()).length === 2, patience);
    await this.#reconnect();
    await until(
      async () => (await this.#trusted()).join('').includes(certificate.trim()) && (await this.#trusted()).length === 1,
      patience,
    );
    await until(
      async () => new Set([...(await this.#certificatesOfPods()), await this.#certificatesWanted()]).size === 1,
      patience,
    );
    await this.#ready();
  }

  async rotatePassword(): Promise<void> {
    const before = await this.#passwordNow();
    await this.#kubectl('delete', `secret/${user}`);
    await until(async () => ![before, ''].includes(await this.#passwordNow()), patience);
    await this.#reconnect();
  }

  /** What else happens, while the operator is killed again and again. */
  async withoutOperator(happen: (cluster: LivingCluster) => Promise<void>): Promise<void> {
    const done = new AbortController();
    const killing = this.#killOperators(done.signal);
    try {
      await happen(this);
    } finally {
      done.abort();
      await killing;
    }
  }

  async #killOperators(signal: AbortSignal): Promise<void> {
    for (let wait = killMilliseconds.first; ; wait = killMilliseconds.next) {
      await delay(wait, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      const pods = '--selector=app.kubernetes.io/name=kafka-events-operator';
      await this.#kubectl('delete', 'pod', pods, '--grace-period=0', '--force');
    }
  }

  /** With what the Secret of the user says now. */
  async #reconnect(): Promise<void> {
    const { place, namespace, reach, flow } = this.#on;
    await flow.reconnect(await connectTo(place, namespace, reach));
  }

  async #replacing(name: string, take: () => Promise<unknown>): Promise<void> {
    const before = await this.#uidOf(name);
    await take();
    await until(async () => !['', before].includes(await this.#uidOf(name)), patience);
    await this.#kubectl('wait', '--for=condition=Ready', `pod/${name}`, `--timeout=${patience / 1000}s`);
    await this.#ready();
  }

  #ready(): Promise<void> {
    const { place, namespace } = this.#on;
    return waitUntilReady(place, namespace, 'EventCluster events is Ready', ['eventcluster/events'], patience / 1000);
  }

  #uidOf(name: string): Promise<string> {
    return this.#kubectl('get', `pod/${name}`, '--ignore-not-found', '--output=jsonpath={.metadata.uid}');
  }

  async #certificatesOfPods(): Promise<string[]> {
    const hashes = await this.#kubectl(
      'get',
      'pod',
      '--selector=app.kubernetes.io/name=event-cluster',
      `--output=jsonpath={.items[*]${hashPath}}`,
    );
    return hashes.split(' ');
  }

  #certificatesWanted(): Promise<string> {
    return this.#kubectl('get', 'statefulset/events', `--output=jsonpath={.spec.template${hashPath}}`);
  }

  async #trusted(): Promise<string[]> {
    return splitCertificates(await this.#secretValue('events-ca', 'ca\\.crt'));
  }

  #passwordNow(): Promise<string> {
    return this.#secretValue(user, 'password');
  }

  async #secretValue(name: string, key: string): Promise<string> {
    const value = await this.#kubectl(
      'get',
      `secret/${name}`,
      '--ignore-not-found',
      `--output=jsonpath={.data.${key}}`,
    );
    return Buffer.from(value, 'base64').toString();
  }

  #kubectl(...args: string[]): Promise<string> {
    return this.#on.place.kubectl([...args, '--namespace', this.#on.namespace]);
  }
}

const hashPath = '.metadata.annotations.kafka-events\\.dev/certificates-hash';
