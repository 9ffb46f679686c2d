/**
 * What Apache Kafka 4.3.1 takes as the values of its broker properties, by its own definitions (`KafkaConfig.configDef()`),
 * without those that it keeps to itself. A broker with any other value does not start.
 */
export type PropertyForm =
  | { readonly form: 'integer'; readonly least: bigint; readonly most: bigint }
  | { readonly form: 'decimal'; readonly least: number; readonly most: number }
  | { readonly form: 'boolean' }
  | { readonly form: 'words'; readonly words: readonly string[]; readonly isList: boolean; readonly anyCase: boolean };

const short = 2n ** 15n - 1n;
const int = 2n ** 31n - 1n;
const long = 2n ** 63n - 1n;

const integer = (least: bigint, most: bigint): PropertyForm => ({ form: 'integer', least, most });
const decimal = (least: number, most = Infinity): PropertyForm => ({ form: 'decimal', least, most });
const boolean: PropertyForm = { form: 'boolean' };
const oneOf = (...words: readonly string[]): PropertyForm => ({ form: 'words', words, isList: false, anyCase: false });
const oneInAnyCase = (...words: readonly string[]): PropertyForm => ({
  form: 'words',
  words,
  isList: false,
  anyCase: true,
});
const someOf = (...words: readonly string[]): PropertyForm => ({ form: 'words', words, isList: true, anyCase: false });

const names: readonly (readonly [form: PropertyForm, names: string])[] = [
  [
    integer(0n, int),
    `add.partitions.to.txn.retry.backoff.max.ms connection.failed.authentication.delay.ms
     controller.quorum.append.linger.ms controller.quorum.election.backoff.max.ms
     controller.quorum.election.timeout.ms controller.quorum.fetch.timeout.ms
     controller.quorum.request.timeout.ms controller.quorum.retry.backoff.ms
     group.consumer.assignment.interval.ms group.consumer.max.assignment.interval.ms
     group.consumer.min.assignment.interval.ms group.share.assignment.interval.ms
     group.share.max.assignment.interval.ms group.share.min.assignment.interval.ms
     group.streams.assignment.interval.ms group.streams.initial.rebalance.delay.ms
     group.streams.max.assignment.interval.ms group.streams.max.standby.replicas
     group.streams.min.assignment.interval.ms group.streams.num.standby.replicas log.cleaner.io.buffer.size
     log.cleaner.threads log.flush.offset.checkpoint.interval.ms
     log.flush.start.offset.checkpoint.interval.ms log.index.interval.bytes log.roll.jitter.hours
     max.connection.creation.rate max.connections max.connections.per.ip
     max.incremental.fetch.session.cache.slots message.max.bytes metadata.max.idle.interval.ms node.id
     remote.log.metadata.custom.metadata.max.bytes replica.fetch.backoff.ms replica.fetch.max.bytes
     replica.fetch.response.max.bytes`,
  ],
  [
    integer(1n, int),
    `add.partitions.to.txn.retry.backoff.ms alter.log.dirs.replication.quota.window.num
     alter.log.dirs.replication.quota.window.size.seconds background.threads
     controller.quorum.fetch.max.bytes controller.quorum.fetch.snapshot.max.bytes controller.quota.window.num
     controller.quota.window.size.seconds group.consumer.heartbeat.interval.ms
     group.consumer.max.heartbeat.interval.ms group.consumer.max.session.timeout.ms group.consumer.max.size
     group.consumer.min.heartbeat.interval.ms group.consumer.min.session.timeout.ms
     group.consumer.session.timeout.ms group.coordinator.background.threads group.coordinator.threads
     group.max.size group.share.heartbeat.interval.ms group.share.max.heartbeat.interval.ms
     group.share.max.session.timeout.ms group.share.max.share.sessions group.share.min.heartbeat.interval.ms
     group.share.min.session.timeout.ms group.share.session.timeout.ms group.streams.heartbeat.interval.ms
     group.streams.max.heartbeat.interval.ms group.streams.max.session.timeout.ms group.streams.max.size
     group.streams.min.heartbeat.interval.ms group.streams.min.session.timeout.ms
     group.streams.session.timeout.ms kafka.metrics.polling.interval.secs log.roll.hours
     max.request.partition.size.limit metrics.num.samples min.insync.replicas num.io.threads
     num.network.threads num.partitions num.recovery.threads.per.data.dir num.replica.fetchers
     offsets.commit.timeout.ms offsets.load.buffer.size offsets.retention.minutes
     offsets.topic.num.partitions offsets.topic.segment.bytes producer.id.expiration.ms queued.max.requests
     quota.window.num quota.window.size.seconds remote.fetch.max.wait.ms
     remote.log.manager.copier.thread.pool.size remote.log.manager.copy.quota.window.num
     remote.log.manager.copy.quota.window.size.seconds remote.log.manager.expiration.thread.pool.size
     remote.log.manager.fetch.quota.window.num remote.log.manager.fetch.quota.window.size.seconds
     remote.log.manager.follower.thread.pool.size remote.log.manager.thread.pool.size
     remote.log.reader.max.pending.tasks remote.log.reader.threads replication.quota.window.num
     replication.quota.window.size.seconds share.coordinator.load.buffer.size
     share.coordinator.state.topic.num.partitions share.coordinator.state.topic.segment.bytes
     share.coordinator.threads share.coordinator.write.timeout.ms socket.listen.backlog.size
     socket.request.max.bytes telemetry.max.bytes transaction.abort.timed.out.transaction.cleanup.interval.ms
     transaction.max.timeout.ms transaction.remove.expired.transaction.cleanup.interval.ms
     transaction.state.log.load.buffer.size transaction.state.log.min.isr
     transaction.state.log.num.partitions transaction.state.log.segment.bytes transactional.id.expiration.ms`,
  ],
  [
    boolean,
    `auto.create.topics.enable auto.leader.rebalance.enable controlled.shutdown.enable
     controller.quorum.auto.join.enable delete.topic.enable follower.fetch.last.tiered.offset.enable
     log.cleaner.enable log.preallocate remote.log.storage.system.enable
     sasl.oauthbearer.assertion.claim.jti.include ssl.allow.dn.changes ssl.allow.san.changes
     transaction.partition.verification.enable transaction.two.phase.commit.enable
     unclean.leader.election.enable`,
  ],
  [
    integer(-int - 1n, int),
    `broker.heartbeat.interval.ms broker.id broker.session.timeout.ms compression.gzip.level
     controller.socket.timeout.ms default.replication.factor delete.records.purgatory.purge.interval.requests
     fetch.purgatory.purge.interval.requests group.initial.rebalance.delay.ms group.max.session.timeout.ms
     group.min.session.timeout.ms initial.broker.registration.timeout.ms log.retention.hours
     log.retention.minutes num.replica.alter.log.dirs.threads offset.metadata.max.bytes
     offsets.topic.compression.codec producer.purgatory.purge.interval.requests replica.fetch.min.bytes
     replica.fetch.wait.max.ms replica.socket.receive.buffer.bytes replica.socket.timeout.ms
     request.timeout.ms sasl.login.connect.timeout.ms sasl.login.read.timeout.ms
     sasl.oauthbearer.clock.skew.seconds sasl.server.max.receive.size
     share.coordinator.state.topic.compression.codec share.fetch.purgatory.purge.interval.requests
     socket.receive.buffer.bytes socket.send.buffer.bytes`,
  ],
  [integer(1n, 17n), `compression.lz4.level`],
  [oneOf('uncompressed', 'zstd', 'lz4', 'snappy', 'gzip', 'producer'), `compression.type`],
  [integer(-131072n, 22n), `compression.zstd.level`],
  [
    integer(-long - 1n, long),
    `connections.max.idle.ms connections.max.reauth.ms log.cleaner.dedupe.buffer.size log.flush.interval.ms
     log.flush.scheduler.interval.ms log.retention.bytes log.retention.ms log.roll.jitter.ms log.roll.ms
     metadata.log.segment.ms metadata.max.retention.bytes metadata.max.retention.ms queued.max.request.bytes
     replica.high.watermark.checkpoint.interval.ms replica.lag.time.max.ms
     sasl.kerberos.min.time.before.relogin sasl.login.retry.backoff.max.ms sasl.login.retry.backoff.ms
     sasl.oauthbearer.jwks.endpoint.refresh.ms sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms
     sasl.oauthbearer.jwks.endpoint.retry.backoff.ms socket.connection.setup.timeout.max.ms
     socket.connection.setup.timeout.ms`,
  ],
  [
    integer(1n, long),
    `delegation.token.expiry.check.interval.ms delegation.token.expiry.time.ms
     delegation.token.max.lifetime.ms leader.imbalance.check.interval.seconds
     log.cleaner.max.compaction.lag.ms log.dir.failure.timeout.ms log.flush.interval.messages
     log.retention.check.interval.ms metadata.log.max.record.bytes.between.snapshots metrics.sample.window.ms
     offsets.retention.check.interval.ms remote.list.offsets.request.timeout.ms
     remote.log.index.file.cache.total.size.bytes remote.log.manager.copy.max.bytes.per.second
     remote.log.manager.fetch.max.bytes.per.second remote.log.manager.task.interval.ms`,
  ],
  [integer(1024n, int), `fetch.max.bytes`],
  [oneInAnyCase('DISABLED', 'DOWNGRADE', 'UPGRADE', 'BIDIRECTIONAL'), `group.consumer.migration.policy`],
  [integer(-1n, int), `group.coordinator.append.linger.ms share.coordinator.append.linger.ms`],
  [integer(524288n, int), `group.coordinator.cached.buffer.max.bytes share.coordinator.cached.buffer.max.bytes`],
  [someOf('consumer', 'classic', 'share', 'streams'), `group.coordinator.rebalance.protocols`],
  [integer(2n, 10n), `group.share.delivery.count.limit`],
  [integer(5n, 25n), `group.share.max.delivery.count.limit`],
  [integer(2000n, 10000n), `group.share.max.partition.max.record.locks`],
  [integer(30000n, 3600000n), `group.share.max.record.lock.duration.ms`],
  [integer(1n, 1000n), `group.share.max.size`],
  [integer(2n, 5n), `group.share.min.delivery.count.limit`],
  [integer(100n, 2000n), `group.share.min.partition.max.record.locks`],
  [integer(1000n, 30000n), `group.share.min.record.lock.duration.ms`],
  [integer(100n, 10000n), `group.share.partition.max.record.locks`],
  [integer(1000n, 3600000n), `group.share.record.lock.duration.ms`],
  [
    integer(0n, long),
    `log.cleaner.backoff.ms log.cleaner.delete.retention.ms log.cleaner.min.compaction.lag.ms
     log.message.timestamp.after.max.ms log.message.timestamp.before.max.ms log.segment.delete.delay.ms
     metadata.log.max.snapshot.interval.ms`,
  ],
  [
    decimal(-Infinity),
    `log.cleaner.io.buffer.load.factor log.cleaner.io.max.bytes.per.second sasl.kerberos.ticket.renew.jitter
     sasl.kerberos.ticket.renew.window.factor sasl.login.refresh.window.factor
     sasl.login.refresh.window.jitter`,
  ],
  [decimal(0, 1), `log.cleaner.min.cleanable.ratio`],
  [someOf('compact', 'delete'), `log.cleanup.policy`],
  [integer(4n, int), `log.index.size.max.bytes`],
  [integer(-2n, long), `log.local.retention.bytes log.local.retention.ms`],
  [oneOf('CreateTime', 'LogAppendTime'), `log.message.timestamp.type`],
  [integer(1048576n, int), `log.segment.bytes`],
  [integer(8388608n, int), `metadata.log.segment.bytes`],
  [
    integer(1n, short),
    `offsets.topic.replication.factor share.coordinator.state.topic.min.isr
     share.coordinator.state.topic.replication.factor transaction.state.log.replication.factor`,
  ],
  [someOf('broker', 'controller'), `process.roles`],
  [integer(-short - 1n, short), `sasl.login.refresh.buffer.seconds sasl.login.refresh.min.period.seconds`],
  [oneInAnyCase('ES256', 'RS256'), `sasl.oauthbearer.assertion.algorithm`],
  [integer(0n, 86400n), `sasl.oauthbearer.assertion.claim.exp.seconds`],
  [integer(0n, 3600n), `sasl.oauthbearer.assertion.claim.nbf.seconds`],
  [oneOf('PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'), `security.inter.broker.protocol`],
  [integer(0n, 500n), `share.coordinator.snapshot.update.records.per.snapshot`],
  [oneOf('required', 'requested', 'none'), `ssl.client.auth`],
];

export const propertyForms: ReadonlyMap<string, PropertyForm> = new Map(
  names.flatMap(([form, list]) => list.split(/\s+/).map((name) => [name, form] as const)),
);
