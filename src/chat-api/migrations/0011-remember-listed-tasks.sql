-- What "the second one" and "yes" mean in a conversation: the tasks of the last list, in its order, and what was to be
-- done with those of them that the user would choose.
ALTER TABLE conversations ALTER COLUMN task_id DROP NOT NULL;
ALTER TABLE conversations ADD COLUMN listed uuid[] NOT NULL DEFAULT '{}';
ALTER TABLE conversations ADD COLUMN pending jsonb;
