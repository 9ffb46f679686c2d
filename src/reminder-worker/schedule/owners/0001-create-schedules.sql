-- Whose schedule is in which PostgreSQL schema: each consumer group has its own.
CREATE TABLE schedules (
  group_id text PRIMARY KEY,
  schema_name text NOT NULL UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now()
);
