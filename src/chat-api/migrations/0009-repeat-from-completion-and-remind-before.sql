-- Whether the recurrence counts from when the task is done, instead of by the calendar.
ALTER TABLE tasks ADD COLUMN recurrence_from_completion boolean NOT NULL DEFAULT false;
-- How long before it is due the user wants to be reminded of this task, in seconds.
ALTER TABLE tasks ADD COLUMN reminders integer[] NOT NULL DEFAULT '{}';
