-- Reminders that have fired, for the live pages. Kept for a day.
CREATE TABLE reminders (
  -- Given under a lock, so in the order in which reminders become visible: a page resumes after the last it has seen.
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- Kafka delivers at least once.
  event_id uuid NOT NULL UNIQUE,
  user_id uuid NOT NULL,
  -- As pages get it. json, not jsonb, which refuses some texts.
  reminder json NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE INDEX reminders_by_user ON reminders (user_id, number);
CREATE INDEX reminders_by_age ON reminders (created_at);

-- What tells this database from others whose replicas read the same topic: part of the name of the consumer group.
CREATE TABLE installation (id uuid NOT NULL);
INSERT INTO installation VALUES (gen_random_uuid());
