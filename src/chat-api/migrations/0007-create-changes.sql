-- What users changed, so that they can undo it. One row a request, whatever number of tasks it changed; kept for two days.
CREATE TABLE changes (
  user_id uuid NOT NULL,
  -- The user's revision after the change.
  revision bigint NOT NULL,
  -- A list of {id, before, after}: the task as it was and as it is since, each null when there is no such task. json,
  -- not jsonb, which refuses some texts.
  tasks json NOT NULL,
  -- The user's revision when the change was undone; null while it stands.
  undone bigint,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (user_id, revision)
);
CREATE INDEX changes_undone ON changes (user_id) WHERE undone IS NOT NULL;
CREATE INDEX changes_by_age ON changes (created_at);

-- Rows come and go at once.
ALTER TABLE changes SET (autovacuum_vacuum_scale_factor = 0.02);
