-- When events last changed what is known: the state of a deleted task is kept as long as its topics may repeat them.
ALTER TABLE tasks ADD COLUMN changed_at timestamptz NOT NULL DEFAULT now();
