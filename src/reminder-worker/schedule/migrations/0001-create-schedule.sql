-- What the worker knows of each task. The row's lock is what all changes to the task's reminders are made under.
CREATE TABLE tasks (
  task_id uuid PRIMARY KEY,
  -- A TaskState. Of type json, since jsonb refuses some of the texts that JSON allows.
  state json NOT NULL
);

CREATE TABLE reminders (
  task_id uuid NOT NULL REFERENCES tasks,
  due_at timestamptz NOT NULL,
  lead_time_seconds integer NOT NULL,
  -- When to publish it: due_at less the lead time.
  fire_at timestamptz NOT NULL,
  -- When it was published; null while it is pending.
  published_at timestamptz,
  PRIMARY KEY (task_id, due_at, lead_time_seconds)
);

CREATE INDEX reminders_pending ON reminders (fire_at) WHERE published_at IS NULL;

-- The lead times that reminders are made with: one row, so that during a rollout old and new workers make the same.
CREATE TABLE lead_times (
  is_only_row boolean PRIMARY KEY DEFAULT true CHECK (is_only_row),
  seconds integer[] NOT NULL,
  -- Whether the tasks that were known already have them, too.
  is_adopted boolean NOT NULL
);
