import type { ChatApi } from '../../../api/chat-api.ts';
import type { WorkloadUser } from '../kafka-user.ts';
import { component } from './deployment.ts';

/** With the id of the database behind it, which only the program knows: see src/chat-api/live/reminders.ts. */
const groupPrefix = 'chat-api-live-';

/** It publishes what happens to tasks, and shows the reminders that fire. It reads nobody's tasks from the brokers. */
export function chatApiUser({ metadata, spec }: ChatApi): WorkloadUser {
  const { events, updates, reminders } = spec.topics;
  const published = [...new Set([events, updates])];
  return {
    ...{ component, instance: metadata, clusterRef: spec.clusterRef },
    access: [
      ...published.map((topic) => ({ topic, allow: 'Write' as const })),
      { topic: reminders, allow: 'Read' },
      { groupPrefix, allow: 'Read' },
    ],
    describesConfigsOf: published,
  };
}
