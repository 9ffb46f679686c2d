CREATE TABLE users (
  id uuid PRIMARY KEY,
  -- Grows by one with each change of the user's tasks, in the order of the commits: a live page resumes from it.
  revision bigint NOT NULL
);

CREATE TABLE tasks (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users,
  title text NOT NULL,
  description text,
  priority text NOT NULL CHECK (priority IN ('HIGH', 'MEDIUM', 'LOW')),
  status text NOT NULL CHECK (status IN ('TODO', 'IN_PROGRESS', 'DONE')),
  due_date timestamptz,
  recurrence_rule text,
  recurrence_time_zone text,
  -- What the recurrence counts from (its DTSTART): stays when a single occurrence is snoozed.
  series_start timestamptz,
  tags text[] NOT NULL,
  version bigint NOT NULL,
  -- The user's revision at the last change.
  revision bigint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  -- A tombstone: the row stays, so that versions never start again and pages learn of the deletion.
  deleted_at timestamptz,
  CHECK ((recurrence_rule IS NULL) = (recurrence_time_zone IS NULL)),
  CHECK (recurrence_rule IS NULL OR due_date IS NOT NULL)
);

CREATE INDEX tasks_by_due_date ON tasks (user_id, coalesce(due_date, 'infinity'), id) WHERE deleted_at IS NULL;
CREATE INDEX tasks_by_revision ON tasks (user_id, revision);
