-- When the user has seen enough of a reminder; null while it is still to be shown. They are now kept for a week.
ALTER TABLE reminders ADD COLUMN dismissed_at timestamptz;
