import { readAll } from './all-command.ts';
import { changeOfTask, changeToSomething, unclearChange } from './change-commands.ts';
import { completeCommands, completeIt } from './complete-commands.ts';
import { dateQuestions } from './date-questions.ts';
import { deleteCommands } from './delete-commands.ts';
import { detailQuestions } from './detail-questions.ts';
import { addition, correction, emptyFollowUp } from './follow-up.ts';
import { howTo } from './how-to.ts';
import { askedIfDone, otherList, readList, unreadList } from './list-command.ts';
import { plainQuestion } from './plain-question.ts';
import { plainStatement } from './plain-statement.ts';
import { recurrenceOfIt } from './recurrence-commands.ts';
import { reminderCommands } from './reminder-commands.ts';
import type { Command } from './sentence.ts';
import { fieldCommands, severalChanges } from './several-changes.ts';
import { declarations, news, report, statementCommands, unlikelyTitle } from './statement-commands.ts';
import { openQuestion, talkCommands } from './talk-commands.ts';
import { unofferedCommands } from './unoffered.ts';

/** What a question may be: "can the report be moved to friday?" moves nothing. */
export const answers: readonly Command[] = [
  ...talkCommands,
  howTo,
  ...detailQuestions,
  ...dateQuestions,
  askedIfDone,
  otherList,
  readList,
  unreadList,
  openQuestion,
];
/** Tried in order; what none of them knows is a new task. */
export const commands: readonly Command[] = [
  ...talkCommands,
  howTo,
  ...detailQuestions,
  ...dateQuestions,
  askedIfDone,
  ...reminderCommands,
  readAll,
  otherList,
  readList,
  unreadList,
  completeIt,
  severalChanges,
  ...fieldCommands,
  ...completeCommands,
  ...deleteCommands,
  ...unofferedCommands,
  ...statementCommands,
  unclearChange,
  changeOfTask,
  changeToSomething,
  emptyFollowUp,
  openQuestion,
  correction,
  addition,
  plainQuestion,
  unlikelyTitle,
  report,
  news,
  declarations,
  plainStatement,
  recurrenceOfIt,
];
