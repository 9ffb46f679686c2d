-- Occurrences that the recurrence leaves out; null for none.
ALTER TABLE tasks ADD COLUMN recurrence_excluded timestamptz[];
