-- Where the browsers of a user take reminders while the page is closed (Web Push).
CREATE TABLE push_subscriptions (
  -- Made from the endpoint: a browser has one subscription, whoever is signed in there.
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL,
  endpoint text NOT NULL,
  -- The browser's keys, by which only it can read what is sent.
  p256dh text NOT NULL,
  auth text NOT NULL,
  created_at timestamptz NOT NULL,
  -- The last reminder that was sent to it, or need not be.
  reminder bigint NOT NULL,
  -- In a row.
  failures int NOT NULL DEFAULT 0,
  -- Not before; in the near future while a replica is sending to it.
  next_at timestamptz NOT NULL
);
CREATE INDEX push_subscriptions_by_user ON push_subscriptions (user_id, created_at);
