import type { ChangeContext } from '../tasks/change-context.ts';
import type { DirectCall } from './tool-calls.ts';

/** What a conversation has in mind. */
export interface Conversation {
  /** The task that it last spoke of: "it". */
  readonly lastTaskId: string | undefined;
  /** The tasks of the last list, in its order: "the second one". */
  readonly listed: readonly string[];
  /** What is to be done with those of the list that the user chooses. */
  readonly pending: DirectCall | undefined;
}

const nothing: Conversation = { lastTaskId: undefined, listed: [], pending: undefined };

export async function recall(
  { transaction, userId }: ChangeContext,
  conversation: string | undefined,
): Promise<Conversation> {
  if (!conversation) return nothing;
  const { rows } = await transaction.query<{ task_id: string | null; listed: string[]; pending: DirectCall | null }>(
    'SELECT task_id, listed, pending FROM chat.conversations WHERE user_id = $1 AND id = $2',
    [userId, conversation],
  );
  const [row] = rows;
  return row
    ? { lastTaskId: row.task_id ?? undefined, listed: row.listed, pending: row.pending ?? undefined }
    : nothing;
}

export function remember(
  { transaction, userId, now }: ChangeContext,
  conversation: string | undefined,
  { lastTaskId, listed, pending }: Conversation,
): void {
  if (!conversation) return;
  transaction.send(
    `INSERT INTO chat.conversations (user_id, id, task_id, listed, pending, updated_at) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (user_id, id) DO UPDATE SET task_id = excluded.task_id, listed = excluded.listed,
       pending = excluded.pending, updated_at = excluded.updated_at`,
    [userId, conversation, lastTaskId ?? null, listed, pending ? JSON.stringify(pending) : null, now],
  );
}
