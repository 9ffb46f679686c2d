-- The columns that Debezium's Outbox Event Router expects (id, aggregatetype, aggregateid, type, payload), so that it
-- can take the place of our relay; the others are what our relay needs.
CREATE TABLE outbox (
  -- Given while the task's row is locked: in the order of the changes for each task.
  position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id uuid NOT NULL UNIQUE,
  aggregatetype text NOT NULL,
  aggregateid text NOT NULL,
  type text NOT NULL,
  -- json, not jsonb: the text is published byte for byte as it was validated.
  payload json NOT NULL,
  topic text NOT NULL,
  headers json NOT NULL,
  -- The task's version.
  sequence bigint NOT NULL,
  created_at timestamptz NOT NULL
);

-- Rows come and go at once: the table must be vacuumed by the number of dead rows, not by a share of its size.
ALTER TABLE outbox SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
