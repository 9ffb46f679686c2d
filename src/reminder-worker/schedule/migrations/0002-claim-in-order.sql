-- Due reminders are claimed in exactly this order, so that no plan has to sort them, whatever the statistics say.
CREATE INDEX reminders_pending_in_order ON reminders (fire_at, task_id) WHERE published_at IS NULL;
DROP INDEX reminders_pending;

-- The pending reminders of a task, and its last publication, however many it has had.
CREATE INDEX reminders_pending_of_task ON reminders (task_id) WHERE published_at IS NULL;
CREATE INDEX reminders_published_of_task ON reminders (task_id, lead_time_seconds, published_at)
  WHERE published_at IS NOT NULL;

-- Reminders are added and removed under the lock of their task's row, which makes sure that there is one.
ALTER TABLE reminders DROP CONSTRAINT reminders_task_id_fkey;

-- Why Kafka refused a reminder for good; `published_at` is when it was given up then.
ALTER TABLE reminders ADD COLUMN error text;

-- Each reminder leaves a dead row behind: a vacuum after a fifth of a large table would come late.
ALTER TABLE reminders SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
ALTER TABLE tasks SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
