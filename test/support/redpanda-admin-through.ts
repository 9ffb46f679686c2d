import type { KafkaConnection } from '../../src/kafka/connection.ts';
import { RedpandaAdmin } from '../../src/operator/brokers/redpanda-admin.ts';
import type { RedpandaStandIn } from './redpanda-stand-in.ts';

/** Asks the brokers of a stand-in by the names and the port that they would have in pods. */
class AdminThrough extends RedpandaAdmin {
  readonly #standIn: () => RedpandaStandIn;

  constructor(standIn: () => RedpandaStandIn, tls?: KafkaConnection['tls']) {
    super({ beforeWrite: () => {}, timeoutMilliseconds: 1000, tls });
    this.#standIn = standIn;
  }

  override through(tls: KafkaConnection['tls']): RedpandaAdmin {
    return new AdminThrough(this.#standIn, tls);
  }

  override get(url: string): Promise<unknown> {
    return super.get(this.#there(url));
  }

  override put(url: string, body: unknown): Promise<unknown> {
    return super.put(this.#there(url), body);
  }

  override delete(url: string): Promise<unknown> {
    return super.delete(this.#there(url));
  }

  /** By the whole name: clusters of other namespaces are not its own. */
  #there(url: string): string {
    const { hostname, pathname } = new URL(url);
    const broker = this.#standIn().brokers.findLast(({ start }) => start.rpcHost === hostname);
    return `http://127.0.0.1:${broker?.port ?? 1}${pathname}`;
  }
}

/** @param standIn the one of the moment, where each test has its own */
export const adminThrough = (standIn: () => RedpandaStandIn, tls?: KafkaConnection['tls']): RedpandaAdmin =>
  new AdminThrough(standIn, tls);
