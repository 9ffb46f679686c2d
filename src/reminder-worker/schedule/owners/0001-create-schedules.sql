-- Whose schedule is in which PostgreSQL schema: each consumer group has its own.
CREATE TABLE schedules (
  group_id text PRIMARY KEY,
  schema_name text NOT NULL UNIQUE,
  -- With each offset the workers commit whose state it belongs to, so that a schedule which begins empty gets all events
  -- that there are. Null for a schedule that is older than this table.
  id uuid,
  created_at timestamptz NOT NULL DEFAULT now()
);
