import type { ToolArguments, ToolCall } from '../../chat/tool-calls.ts';
import { programWish } from './program-wishes.ts';
import { placeOf } from './pronouns.ts';
import { explain, type Command } from './sentence.ts';
import { smallTalk } from './small-talk.ts';
import { undoCommands } from './undo-commands.ts';
import { answer, call, whole } from './whole-sentence.ts';

function choose(which: ToolArguments<'choose'>['which']): ToolCall {
  return { tool: 'choose', arguments: { which } };
}

/** What people say to each other: it gets an answer, and never becomes a task. */
export const talkCommands: readonly Command[] = [
  ({ text }) =>
    whole(
      String.raw`help(?:\s+me)?(?:\s+please)?|\?|info|menu|options|usage|what can (?:you|i) (?:do|say)|how does this work|commands|ls|plan my day`,
    ).test(text.visible)
      ? { tool: 'help', arguments: {} }
      : undefined,
  // All other greetings, thanks and goodbyes are in the tables of small talk.
  answer(whole('👍+|🎉+|🙏+|❤️?|😀|🙂'), 'All right.'),
  answer(
    whole(String.raw`(?:thanks|thank you|thx|cheers)(?: again| a lot| so much| very much)?,\s*\w+`),
    'You are welcome.',
  ),
  call(
    whole(
      '(?:yes|yep|yeah|sure|ok|okay)[, ]+(?:please|go ahead|do (?:it|that|so))|yes|yep|yeah|yup|y|yes please|confirm|confirmed|go ahead|do it|do that|that one|exactly|yes[, ]+(?:please )?(?:delete|remove|complete|do) (?:it|that|them)',
    ),
    choose('yes'),
  ),
  call(
    whole(
      String.raw`no|nope|n|no thanks|not now|(?:no[\s,]+)?(?:please )?(?:don't|don’t|do not)(?: do (?:it|that))?|stop (?:it|that)|never ?mind|nvm|nm|cancel|stop|forget it|wait|hold on|maybe|perhaps|not sure|idk|(?:i )?(?:don't|don’t|do not) know|no idea|none(?: of them)?|neither(?: of them)?`,
    ),
    choose('no'),
  ),
  call(whole('both(?: of (?:them|those|these)| please)?'), choose('both')),
  call(whole('(?:all|all of (?:them|these|those)|them all|all please)'), choose('all')),
  ({ text }) => {
    const place = text.visible.length < 40 ? placeOf(text.visible.replace(/(?:\s+please)?[\s.!?]*$/i, '')) : undefined;
    return place === undefined ? undefined : choose(place);
  },
  answer(
    whole(
      String.raw`(?:the )?other(?: one)?|it|this|that|this one|sorry|oops|(?:that's|that’s|you are|you're) wrong|(?:no[\s,]+)?(?:the )?other one|(?:no[\s,]+)?(?:that(?:'s|’s| is|'s) )?not (?:that(?: one)?|it|this(?: one)?|what i (?:meant|said|wanted|asked(?: for)?)|right|correct)|(?:no[\s,]+)?(?:that(?:'s|’s| is|'s) |it(?:'s|’s| is) )?(?:the )?wrong(?: task| one| date| time| day)?|you mis(?:understood|read)(?: me| that)?`,
    ),
    'Say what to do with which task, for example "complete the dentist" or "undo". Nothing was changed.',
  ),
  ({ text }) =>
    whole(
      '(?:(?:a (?:bit|little)|much) )?(?:earlier|sooner|later on)|same time (?:tomorrow|next week)|again (?:tomorrow|next week)',
    ).test(text.visible)
      ? explain('Which task, and when? Say for example "move the report to friday at 9". Nothing was changed.')
      : undefined,
  answer(
    whole(
      String.raw`(?:(?:no|never ?mind|nvm|ok(?:ay)?|actually|wait)[\s,]+)*(?:just )?(?:leave|keep) (?:it|that|them|this|both|all|everything)(?: (?:as (?:it )?is|alone|there|so|please))?`,
    ),
    'All right, nothing was changed.',
  ),
  // Of what was asked, or of what was done?
  answer(
    whole(
      String.raw`(?:(?:no|never ?mind|nvm|ok(?:ay)?|actually|wait)[\s,]+)*(?:just |please )*(?:(?:leave|keep|put) (?:it|that|them|this|all|everything)(?: back)?|let (?:it|that|them) (?:be|stay)) (?:as|how|like|the way|where) (?:it|they|that) (?:was|were|is|are)(?: before)?`,
    ),
    'All right. To take back the last change, say "undo". Nothing was changed.',
  ),
  answer(
    whole(String.raw`(?:huh|what|what (?:now|else)|hm+|eh|sorry what|come again|start)\??`),
    'Tell me what you have to do and when, or ask what is due. Say "help" for examples.',
  ),
  ({ text }) =>
    whole(
      String.raw`(?:set|create|add|make)\s+(?:an?\s+)?(?:reminder|task|alarm)|remind me(?: (?:please|later|again|about|of|to|of things|of stuff|about things|about stuff|of something))?`,
    ).test(text.visible)
      ? explain('What should I remind you of, and when? Say for example "remind me to call Bob tomorrow at 5pm".')
      : undefined,
  ({ text }) =>
    whole(
      String.raw`delete|remove|erase|clear|close|reset|start over|settings|log\s?in|log\s?out|sign in|find|search(?: for)?|show(?: me)?|move|reschedule|postpone|change|edit|update|rename|tag|untag|label|mark|set|repeat|restore|done with|finish|set (?:the )?(?:priority|due date|date|title|name)|(?:delete|remove|complete|finish|move) (?:one|nothing|something|an?|some|any|a few)(?: (?:tasks?|todos?|of them))?`,
    ).test(text.visible)
      ? explain('Which task do you mean? Say for example "move pay rent to friday" or "delete pay rent".')
      : undefined,
  ({ text }) =>
    whole(String.raw`(?:(?:add|create|new|make)\s+)+(?:(?:an?\s+)?(?:new\s+)?(?:task|todo|to-do))?|add|create`).test(
      text.visible,
    )
      ? explain('What is the task called? Say for example "Pay rent tomorrow at 9am".')
      : undefined,
  answer(
    whole(
      String.raw`(?:never ?mind[\s,]+|please\s+|no[\s,]+)?(?:don't|don’t|do not|never)\s+(?:delete|remove|complete|reschedule|postpone|rename|snooze|(?:move|push|change|mark|skip)(?=\s+(?:the|my|it|that|this)\b))\b.{0,200}`,
    ),
    'All right, nothing was changed.',
  ),
  ({ text }) =>
    whole(String.raw`\S.{0,200}\s(?:is|was|got|has been)\s+(?:now\s+)?cancell?ed`).test(text.visible)
      ? explain('If that task is to be deleted, say for example "delete pay rent". Nothing was changed.')
      : undefined,
  call(whole(String.raw`(?:remove|delete|clear)\s+(?:the\s+|its\s+)?(?:notes?|description)`), {
    tool: 'update_task',
    arguments: { task: 'it', description: null },
  }),
  call(whole(String.raw`(?:remove|delete|clear)\s+(?:the\s+|its\s+)?deadline`), {
    tool: 'update_task',
    arguments: { task: 'it', due: null },
  }),
  ({ text }) =>
    whole(String.raw`(?:remove|delete|clear|drop)\s+(?:the\s+|its\s+)?(?:time(?: of day)?|hour|title|name|tag)`).test(
      text.visible,
    )
      ? explain(
          'I can take away the due date, the recurrence, the reminders or a certain tag. Say for example "remove the due date" or "remove #work from pay rent".',
        )
      : undefined,
  ({ text }) =>
    /^add\s+(?:(?:an?|the)\s+)?(?:sub-?task|checklist|attachment|location|assignee|estimate|duration|dependency)s?\b.*\b(?:to|on|for)\b/i.test(
      text.visible,
    )
      ? explain(
          'A task has a title, a due date, a recurrence, reminders, a priority, tags and a description, and nothing else. Nothing was changed.',
        )
      : undefined,
  ({ text }) =>
    /^add\s+(?:(?:an?|the)\s+)?(?:reminder|alarm|due\s+date|deadline|tags?|labels?|priority|recurrence|notes?)\s+(?:to|for|on)\s+[^\d:]{1,100}$/i.test(
      text.visible,
    ) && !/\b(?:before|every|ahead|early|in advance|that|saying)\b/i.test(text.visible)
      ? explain(
          'Which one? Say for example "add #work to pay rent", "move pay rent to friday" or "remind me 1 hour before pay rent". Nothing was changed.',
        )
      : undefined,
  ({ text }) =>
    whole(
      String.raw`add\s+(?:an?|one|two|three|\d{1,3})\s+(?:more\s+|extra\s+)?(?:minute|min|hour|day|week|month)s?`,
    ).test(text.visible)
      ? explain('To which task? Say for example "snooze pay rent 1 day". Nothing was changed.')
      : undefined,
  call(whole('skip'), { tool: 'skip_occurrence', arguments: { task: 'it' } }),
  call(whole('snooze'), { tool: 'snooze_task', arguments: { task: 'it', by: 'PT10M' } }),
  answer(whole(String.raw`test(?:ing)?|(?:is )?any(?:one|body) there|are you (?:there|here|awake)`), 'I am here.'),
  ...undoCommands,
  answer(
    whole(String.raw`the ones? (?:on|at|for|due|from|with|about) .{1,100}|the \w{1,30} ones?`),
    'Please say what to do with it, for example "complete the dentist". Nothing was changed.',
  ),
  ({ text }) =>
    whole('rename (?:it|this|that)').test(text.visible)
      ? explain('To what? Say for example "rename it to Pay rent".')
      : undefined,
  smallTalk,
  programWish,
];

const questions = [
  /^\s*(?:who|whose|where|why|how|what|when|which|is|are|am|was|were|do|does|did|can|could|should|shall|will|would|have|has|may(?= i\b))\b[^]*\?[\s!?.]*$/i,
  /^\s*(?:who|where|why|how|what|when|which)\s+(?:am|has|have|is|are|was|were|do|does|did|should|can|could|would|will)\b/i,
  /^\s*(?:what|who|where|when|how)(?:'s|’s)\s/i,
  /^\s*how (?:much|many|long|often)\b/i,
  /^\s*(?:show|list|display)\s+(?:everything|(?:overdue|open|completed|done|finished)\s)/i,
  // "has the rent gone out", "do we need nappies"; but "have the car washed" and "do the dishes" are to be done.
  /^\s*(?![^?]*\?\s*\S)(?:is|are|was|were|has|does|did|will|would|could)\s+(?:the|my|our|your|his|her|it|this|that|there|we|they|he|she|you|any\w*|every\w*)\s/i,
  /^\s*(?:do|have|may|shall)\s+(?:we|you|they)\s/i,
  // "is essay due soon"
  /^\s*(?:is|are|was|were|does|did|has|have)\s+\p{L}+\s+(?:due|done|finished|ready|still|already|yet|over|on|off|open|overdue|late|important|urgent|happening|moved|cancelled|there|in)(?=[\s.!]|$)/iu,
  /^\s*any\s+(?:news|updates?|word|progress|idea)\b/i,
  /^\s*(?:is|are)\s.{1,80}\son\s+(?:my|the)\s+(?:to[ -]?do\s+|task\s+)?list\b/i,
  /^\s*(?:what|which)\s+(?:time|day|date)\s+(?:does|do|did|will|should|can)\s/i,
  /^\s*are you\b/i,
  /^\s*read me\b|^\s*who (?:assigned|created|added|changed|moved|deleted)\b/i,
  /^\s*(?:which one|who (?:made|built|is|are) (?:you|this)|what (?:commands|features)\b.{0,30}|show (?:it|that) again)[\s.!?]*$/i,
  /^\s*is there (?:any|some)thing\b/i,
  /^\s*is there an? (?:way|possibility|option)\b/i,
  /^\s*(?:did|do|have|were|will) you\b/i,
  /^\s*(?:any(?:thing|one)?|something|nothing)\b[^]*\?[\s!?.]*$/i,
  /^\s*(?:do|did|am|have|should|shall|can|must) i\b/i,
  /^\s*(?:show|tell|give) me\b/i,
  /^\s*(?:(?:my|all|the|open|list|show)\s+)*tasks\s+(?:without|with no|that|which)\b/i,
];

/** A question that no list answers. */
export const openQuestion: Command = ({ text }) =>
  questions.some((question) => question.test(text.visible))
    ? explain('I can answer questions about your tasks only, such as "What is due today?".')
    : undefined;
