-- Whether the recurrence counts from when the task is done, instead of by the calendar.
ALTER TABLE tasks ADD COLUMN recurrence_from_completion boolean NOT NULL DEFAULT false;
