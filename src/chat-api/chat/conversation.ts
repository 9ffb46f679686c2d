import type { ChangeContext } from '../tasks/change-context.ts';

/** The task that the conversation last spoke of. */
export async function lastTaskOf(
  { transaction, userId }: ChangeContext,
  conversation: string | undefined,
): Promise<string | undefined> {
  if (!conversation) return undefined;
  const { rows } = await transaction.query<{ task_id: string }>(
    'SELECT task_id FROM chat.conversations WHERE user_id = $1 AND id = $2',
    [userId, conversation],
  );
  return rows[0]?.task_id;
}

export function rememberTask(
  { transaction, userId, now }: ChangeContext,
  conversation: string | undefined,
  taskId: string,
): void {
  if (!conversation) return;
  transaction.send(
    `INSERT INTO chat.conversations (user_id, id, task_id, updated_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (user_id, id) DO UPDATE SET task_id = excluded.task_id, updated_at = excluded.updated_at`,
    [userId, conversation, taskId, now],
  );
}
