/**
 * Asked right before anything is written outside the API server; it throws when this process does not lead, which keeps
 * the write from being sent. Brokers know nothing of the lease.
 */
export type BeforeOutsideWrite = () => void;
