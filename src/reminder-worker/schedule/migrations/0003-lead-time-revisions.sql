-- Which setting is newer: that of a pod which restarts in the middle of a rollout may be the older one.
ALTER TABLE lead_times ADD COLUMN revision bigint NOT NULL DEFAULT 0;
-- How far the tasks that were known already have got them; null before the first.
ALTER TABLE lead_times ADD COLUMN adopted_up_to uuid;
