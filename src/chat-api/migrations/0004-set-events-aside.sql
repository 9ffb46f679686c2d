-- An event that its topic does not take is set aside with the error. So are the later events of the same task in that
-- topic, since they must not overtake it.
ALTER TABLE outbox
  ADD COLUMN error_code text,
  ADD COLUMN error_message text,
  ADD COLUMN set_aside_at timestamptz;

-- In the order in which the relay reads, topic by topic, so that it never passes the rows of a topic that it leaves
-- alone, nor those that are set aside.
CREATE INDEX outbox_waiting ON outbox (topic, position) WHERE error_code IS NULL;
CREATE INDEX outbox_set_aside ON outbox (topic, aggregateid, position) WHERE error_code IS NOT NULL;
-- An index on the position alone invites plans that pass the rows of all topics.
ALTER TABLE outbox DROP CONSTRAINT outbox_pkey;
ALTER TABLE outbox ADD PRIMARY KEY (id);
ALTER TABLE outbox DROP CONSTRAINT outbox_id_key;

-- Long texts are stored apart from their rows, and have to be vacuumed as often.
ALTER TABLE outbox SET (
  autovacuum_vacuum_cost_delay = 0,
  toast.autovacuum_vacuum_scale_factor = 0,
  toast.autovacuum_vacuum_threshold = 5000,
  toast.autovacuum_vacuum_cost_delay = 0
);
