import type { Clock } from '../../lib/clock.ts';
import { toError } from '../../lib/errors.ts';
import type { Component } from '../../lib/lifecycle.ts';
import type { Logger } from '../../lib/log.ts';
import { AnswerBudget } from '../../kafka/client/answer-budget.ts';
import { createClusterAdmin, type ClusterAdmin } from '../../kafka/cluster-admin.ts';
import type { KafkaConnection } from '../../kafka/connection.ts';
import { createGroupAdmin, type GroupAdmin } from '../../kafka/groups.ts';
import { createTopicAdmin, type TopicAdmin } from '../../kafka/topic-admin.ts';
import { createUserAdmin, type UserAdmin } from '../../kafka/user-admin.ts';
import type { BeforeOutsideWrite } from './outside-write.ts';

interface Client {
  readonly topicAdmin: TopicAdmin;
  readonly groupAdmin: GroupAdmin;
  readonly userAdmin: UserAdmin;
  readonly clusterAdmin: ClusterAdmin;
  usedAt: number;
}

export interface AdminClientsOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Told of each request by its name in Kafka's protocol. */
  readonly onRequest?: (api: string) => void;
  /** Called right before each request but `readingRequests`; what it throws keeps it from being sent. */
  readonly beforeChange?: BeforeOutsideWrite;
}

/** Controllers look at every cluster each minute or two, so a client that nobody uses for longer has lost its cluster. */
const idleMilliseconds = 5 * 60_000;

/** The requests that change nothing. Whatever is not named here counts as a change, also what comes later. */
export const readingRequests: ReadonlySet<string> = new Set([
  'ApiVersions',
  'DescribeAcls',
  'DescribeClientQuotas',
  'DescribeCluster',
  'DescribeConfigs',
  'DescribeGroups',
  'DescribeLogDirs',
  'DescribeQuorum',
  'DescribeUserScramCredentials',
  'GroupCoordinator',
  'ListGroups',
  'ListOffsets',
  'ListPartitionReassignments',
  'Metadata',
  'OffsetFetch',
]);

const mebibyte = 2 ** 20;
/** Decoded, an answer takes up to ten times its size, and the operator has 256 MiB for all clusters together. */
const answerBytes = 16 * mebibyte;
const unfinishedBytes = 48 * mebibyte;

/** One client for each cluster, shared by all controllers, and closed when its cluster is gone or the program stops. */
export class AdminClients implements Component {
  readonly name = 'admin-clients';
  readonly #options: AdminClientsOptions;
  readonly #clients = new Map<string, Client>();
  readonly #answers = { bytes: answerBytes, budget: new AnswerBudget(unfinishedBytes) };

  constructor(options: AdminClientsOptions) {
    this.#options = options;
  }

  topicAdmin(connection: KafkaConnection): TopicAdmin {
    return this.#client(connection).topicAdmin;
  }

  groupAdmin(connection: KafkaConnection): GroupAdmin {
    return this.#client(connection).groupAdmin;
  }

  userAdmin(connection: KafkaConnection): UserAdmin {
    return this.#client(connection).userAdmin;
  }

  clusterAdmin(connection: KafkaConnection): ClusterAdmin {
    return this.#client(connection).clusterAdmin;
  }

  #client(connection: KafkaConnection): Client {
    const now = this.#options.clock.monotonic();
    this.#closeIdle(now);
    // With other addresses or credentials it is another client: the old one falls idle.
    const key = JSON.stringify(connection);
    const client = this.#clients.get(key) ?? this.#create(connection);
    client.usedAt = now;
    this.#clients.set(key, client);
    return client;
  }

  /** None connects before it is first asked something. */
  #create(connection: KafkaConnection): Client {
    const { clock, logger } = this.#options;
    const options = { logger: quiet(logger), clock, answers: this.#answers, onRequest: this.#onRequest };
    return {
      topicAdmin: createTopicAdmin(connection, options),
      groupAdmin: createGroupAdmin(connection, options),
      userAdmin: createUserAdmin(connection, options),
      clusterAdmin: createClusterAdmin(connection, options),
      usedAt: 0,
    };
  }

  readonly #onRequest = (api: string): void => {
    if (!readingRequests.has(api)) this.#options.beforeChange?.();
    this.#options.onRequest?.(api);
  };

  start(): void {}

  async stop(): Promise<void> {
    const clients = [...this.#clients.values()];
    this.#clients.clear();
    await Promise.all(clients.map((client) => this.#close(client)));
  }

  #closeIdle(now: number): void {
    for (const [key, client] of this.#clients) {
      if (now - client.usedAt < idleMilliseconds) continue;
      this.#clients.delete(key);
      void this.#close(client);
    }
  }

  async #close({ topicAdmin, groupAdmin, userAdmin, clusterAdmin }: Client): Promise<void> {
    try {
      await Promise.all([topicAdmin.close(), groupAdmin.close(), userAdmin.close(), clusterAdmin.close()]);
    } catch (error) {
      this.#options.logger.warn({ err: toError(error) }, 'Could not close a Kafka client');
    }
  }
}

/** The clients warn of each attempt that fails, and throw: the condition that comes of it, and its log line, will do. */
function quiet(logger: Logger): Logger {
  return logger.isLevelEnabled('debug') ? logger : logger.child({}, { level: 'error' });
}
