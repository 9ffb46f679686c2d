-- Answers to requests with an Idempotency-Key, written in the transaction of the change itself.
CREATE TABLE idempotency_keys (
  user_id uuid NOT NULL,
  key text NOT NULL,
  -- SHA-256 of method, path and body: the same key with another request is a mistake.
  fingerprint text NOT NULL,
  -- Null only within the transaction that runs the request.
  answer json,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (user_id, key)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

-- What "it" means in a conversation: the task that was last spoken of.
CREATE TABLE conversations (
  user_id uuid NOT NULL,
  id text NOT NULL,
  task_id uuid NOT NULL REFERENCES tasks,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (user_id, id)
);
