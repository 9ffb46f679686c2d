import type { Command } from './sentence.ts';
import { bareWords, phraseSet } from './word-set.ts';

/** A wish to the program that it does not grant: verbs, what of the program they are said of, and what is true instead. */
interface Wish {
  readonly verbs: string;
  readonly objects: string;
  /** What may follow; without it, whatever begins with a preposition. */
  readonly end?: string;
  /** Whether something must follow. */
  readonly isOpen?: boolean;
  readonly reply: string;
}

const nothingChanged = 'Nothing was changed.';
const ofList =
  'There is one list, by due date. On the page, it can be searched, filtered by tag and priority, and sorted; tags such as #work stand for lists.';
const ofDevice =
  'The language of dates, the clock and the time zone are those of your browser or device: please change them there.';
const ofAccount =
  'I cannot change accounts. You can sign out on the page; for anything else, ask whoever runs this service.';
const ofSystem = 'I cannot change how the page looks. It follows the settings of your system, such as dark mode.';
const ofReminders =
  'I cannot change notifications. They are turned on and off on the page, under Reminders, and in your browser.';
const ofOthers =
  'I cannot share tasks or invite people: the tasks of a user belong to that user alone. Nothing was changed.';
const ofPrograms =
  'I cannot connect to other programs. Your own programs can read and change the tasks by the REST API.';
const onlyTasks = 'I keep your tasks and remind you of them; that is all I can do. Say "help" for examples.';

const tasks = `my tasks, all tasks, all my tasks, all the tasks, all of my tasks, the tasks, these tasks, tasks, my task list, the task list,
  my todo list, the todo list, my to do list, the to do list, my todos, all todos, my list, this list, my lists, the whole list,
  my whole list, the entire list, my entire list, everything, my data, all data, all my data, my open tasks, open tasks, my reminders,
  all reminders, my completed tasks, completed tasks, finished tasks, done tasks, all done tasks, all completed tasks, my calendar,
  todays tasks, tomorrows tasks, this weeks tasks, my schedule, my agenda`;
const notTasks =
  'my completed tasks, the done tasks, the completed tasks, the finished tasks, completed tasks, finished tasks, done tasks, all done tasks, all completed tasks';
const otherPrograms = `calendar, my calendar, the calendar, google calendar, my google calendar, outlook, my outlook, outlook calendar,
  my outlook calendar, apple calendar, my apple calendar, icloud, ical, gcal, caldav, \\w+ calendar, my \\w+ calendar, todoist, my todoist, trello,
  slack, alexa, siri, google, google assistant, notion, jira, asana, ticktick, wunderlist, google tasks, apple reminders, microsoft todo,
  teams, microsoft teams, whatsapp, telegram, zapier, ifttt, my contacts, my phone, my iphone, my ipad, my android, my watch, my laptop, my tablet, my computer, other devices, my other devices, other apps, another app, my other apps, my email, gmail, my gmail`;
const settings =
  'settings, the settings, my settings, preferences, the preferences, my preferences, options, the options';
const change = 'change, set, switch, edit, update, adjust, choose, pick, select, configure, fix, correct, modify';

const wishes: readonly Wish[] = [
  {
    verbs: 'print, print out',
    objects: tasks,
    reply: `I cannot print. The page can be printed from your browser's menu.`,
  },
  {
    verbs: 'export, download, back up, backup, make a backup of, save, dump, extract, convert',
    objects: tasks,
    reply: 'I cannot export tasks. The page can be printed, and programs can read all tasks by the REST API.',
  },
  {
    verbs: 'import, upload, load, migrate, transfer',
    objects: `${tasks}, my contacts, contacts, my notes, a file, files, a csv, csv, a csv file, from todoist, from trello, from csv, a list, my old tasks`,
    reply: 'I cannot import from files or other programs. You can paste several lines here: each becomes a task.',
  },
  {
    verbs: `connect, connect to, connect with, link, link to, link with, integrate, integrate with, sync, sync to, sync with, synchronise,
      synchronize, synchronise with, synchronize with, subscribe to, hook up, hook up to, pair with`,
    objects: `${otherPrograms}, ${tasks}`,
    reply: ofPrograms,
  },
  {
    verbs: `${change}, use`,
    objects: `time zone, timezone, my time zone, my timezone, the time zone, the timezone, your time zone, language, the language,
      my language, your language, app language, the app language, locale, my locale, my region, region, country, my country, date format,
      the date format, time format, the time format, clock format, currency, the currency, my location, 24 hour clock, 12 hour clock,
      24 hour time, 12 hour time, 24h clock, 12h clock, 24h format, 12h format, 24 hour format, 12 hour format, military time, a 24 hour clock,
      am pm, first day of the week, the first day of the week, the start of the week, week start, european dates, american dates, us dates,
      celsius, metric units`,
    reply: ofDevice,
  },
  {
    verbs: 'start, begin, show, display',
    objects: `the week on, my week on, weeks on, times in, dates in, times as, dates as, week numbers, the time in, the date in`,
    end: '.*',
    reply: ofDevice,
  },
  {
    verbs: `${change}, use, enable, disable, turn on, turn off, activate, switch to, switch on, switch off, show, make, increase, decrease,
      enlarge, reduce, go to, i want, i need, i prefer, i would like, id like, give me, set`,
    objects: `dark mode, light mode, night mode, the dark mode, dark theme, light theme, theme, the theme, themes, my theme, font, the font,
      font size, the font size, text size, the text size, the text, the letters, the colour, the color, colours, colors, the colours, the colors,
      colour scheme, color scheme, background, the background, background color, background colour, the background color, the background colour,
      wallpaper, the wallpaper, layout, the layout, the design, appearance, the appearance, high contrast, big letters, the screen brighter,
      the page darker, everything bigger, everything smaller, full screen, compact view, mode, the interface, the icon, icons`,
    end: '(?:(?:to|into|in|with|on|for|of the (?:app|page|list|screen)) .*|bigger|smaller|larger|darker|brighter|lighter|please|black|blue|green|red|pink|white)',
    reply: ofSystem,
  },
  {
    verbs: 'put, arrange, list, sort',
    objects: tasks,
    end: '(?:in|into|by|in the) (?:.* )?(?:order|date|priority|name|alphabet)',
    isOpen: true,
    reply: ofList,
  },
  {
    verbs: 'sync, link, connect, add, copy, move, send, export',
    objects: 'this, it, that, them, these',
    end: '(?:with|to|into) (?:my |the )?(?:\\w+ )?calendar',
    isOpen: true,
    reply: ofPrograms,
  },
  {
    verbs: 'explain, describe, show me how to use, teach me',
    objects:
      'tags, the tags, priorities, the priorities, reminders, the reminders, undo, snooze, snoozing, this, this app, yourself, how this works, recurrence, the commands, the page',
    reply: 'Say "help" for examples of what I understand.',
  },
  {
    verbs: 'bigger, larger, smaller, darker, lighter, a bigger, a larger, a smaller, a darker',
    objects: 'font, text, letters, buttons, theme, colours, colors, page',
    reply: ofSystem,
  },
  {
    verbs: 'export, print, save',
    objects: 'to csv, to excel, to pdf, to a file, to json, to a spreadsheet, as csv, as pdf, to paper',
    reply: 'I cannot export tasks. The page can be printed, and programs can read all tasks by the REST API.',
  },
  {
    verbs: 'make it, make everything, make this, make the page, make the app, make the screen',
    objects: 'dark, darker, light, lighter, bigger, smaller, larger, brighter, prettier, colourful, colorful',
    reply: ofSystem,
  },
  {
    verbs: 'invite, add, create, remove, manage',
    objects:
      'people, another user, a user, a new user, users, a collaborator, collaborators, a member, members, team members, my team, my family, my colleagues',
    reply: ofOthers,
  },
  {
    verbs: 'remind me, remind us',
    objects: 'on time, in time, at the right time, of everything, by email, by sms, by text, by phone',
    end: 'please',
    reply: 'Say what, and when: for example "remind me to call Bob tomorrow at 5pm".',
  },
  {
    verbs: 'let',
    objects: '\\w+',
    end: '(?:see|edit|use|read|change) (?:my tasks|my list|my todo list|all my tasks|my reminders)',
    isOpen: true,
    reply: ofOthers,
  },
  {
    verbs: 'i need, i want, i would like, id like, show, give me',
    objects: 'the app, this app, the page, it, everything, this, the bot, answers',
    end: 'in (?:german|french|spanish|italian|dutch|polish|russian|turkish|another language|my language)',
    isOpen: true,
    reply: 'I understand English only.',
  },
  {
    verbs: 'zoom',
    objects: 'in, out',
    reply: ofSystem,
  },
  {
    verbs: `turn on, turn off, enable, disable, mute, unmute, silence, stop, stop sending, stop sending me, switch on, switch off, activate,
      deactivate, allow, block, change, pause, send, send me, get, snooze, stop all, get rid of`,
    objects: `notifications, the notifications, my notifications, all notifications, push notifications, your notifications,
      email notifications, all reminders, reminder emails, emails, reminder sound, the reminder sound, notification sound, the notification sound,
      sound, the sound, sounds, the sounds, the alarm sound, ringtone, the ringtone, vibration, alerts, the alerts, all alerts, badges, me emails`,
    reply: ofReminders,
  },
  {
    verbs:
      'delete, close, deactivate, remove, cancel, erase, change, edit, update, create, open, disable, reset, switch, delete all of',
    objects:
      'my account, my user account, my profile, my user, this account, my account here, accounts, your account, account, my subscription here',
    end: '(?:please|now|forever|completely|permanently|here)',
    reply: ofAccount,
  },
  {
    verbs: `change, reset, edit, update, set, forgot, i forgot, use, enable, add, upload, disable, turn on, turn off, activate`,
    objects: `my password, the password, my username, my user name, my display name, my email, my email address, my mail address, my phone number,
      my profile picture, my profile photo, my avatar, my name, my login, my sign in, my account settings, my plan, my card, two factor authentication, two factor login, two factor, 2fa, mfa, face id, touch id,
      a passkey, fingerprint login`,
    end: '(?:to .*|please|here|for this app|in this app|for login)',
    reply: ofAccount,
  },
  {
    verbs: 'log, sign',
    objects: 'in, out, me in, me out, off, me off, up, me up, on, in with google, out everywhere, out of here, out now',
    end: '(?:please|now|again)',
    reply: ofAccount,
  },
  {
    verbs: 'logout, signout, logoff, login, unsubscribe, subscribe, upgrade, downgrade',
    objects:
      ', me, now, to premium, to pro, my plan, my account, to the pro version, to the premium version, from emails, from this',
    end: 'please',
    reply: ofAccount,
  },
  {
    verbs: 'buy, get, order, activate, cancel',
    objects: 'premium, the premium version, the pro version, the full version, my premium',
    reply: ofAccount,
  },
  {
    verbs: 'share, publish',
    objects: `${tasks}, it, this, that, them, this task, that task, these, my \\w+ list`,
    end: '(?:(?:with|to) .*|publicly|please|online)',
    reply: ofOthers,
  },
  {
    verbs: 'forward, send, email, mail, text, message, show',
    objects: `it, them, this, this task, that task, my list, my tasks, all my tasks, all tasks, this list, my todo list, my to do list`,
    end: '(?:to|with) .*',
    isOpen: true,
    reply: ofOthers,
  },
  {
    verbs: `email me, text me, send me, message me, mail me, sms me, whatsapp me, call me with, notify me of, ping me with, send, give me a printout of`,
    objects: `${tasks}, the list, a list, a summary, a daily summary, a digest, a daily digest, a report, an email, emails, a text, an sms, me an email,
      a text message, a message, a weekly summary, the reminders, reminders`,
    end: '(?:(?:by|via|every|each|at|in|on|to my|as|of my|of all|with all|with my|daily|weekly) ?.*|please|daily|weekly)',
    reply: 'I cannot send messages or mails. Reminders are shown by the page, also when it is in the background.',
  },
  {
    verbs:
      'sort, order, reorder, group, filter, rearrange, arrange, reverse, organise, organize, hide, collapse, expand, archive, clean up, merge, split, categorize, categorise, pin, color code, colour code, highlight, show only',
    objects: `${tasks}, ${notTasks}, them, it, by, alphabetically, the order, the sort order, the list by`,
    end: '(?:(?:by|to|into|in|from|as|at) .*|alphabetically|automatically|date|due date|priority|tag|tags|name|title|please|again)',
    reply: ofList,
  },
  {
    verbs: 'create, make, add, new, start, set up, open, delete, rename, show, switch to, move to, go to',
    objects: `a new list, new list, another list, a second list, a new project, new project, a folder, a new folder, new folder, a new board, a board, a kanban board, a new section, a section, a new category, a category, a new workspace,
      a workspace, a new tab, a new view, a calendar view, calendar view, the calendar view, a list view, week view, the week view, month view,
      the month view, a widget, a shortcut, a template, a smart list, a filter, a new filter, list view, a kanban view, a timeline, the timeline view,
      multiple lists, my other list, the other list, a gantt chart`,
    end: '(?:(?:called|named|for|to|on|with|in|of my tasks) .*|please|work|home)',
    reply: ofList,
  },
  {
    verbs: 'create, make, add, new, start, set up, open',
    objects: `a list called, a list named, a new list called, a new list named, a project called, a project named, a new project called,
      a new project named, a folder called, a folder named, a new folder called, a new folder named, a board called, a board named,
      a section called, a section named, a category called, a category named, list called, list named, project called, project named,
      folder called, folder named`,
    end: '.+',
    isOpen: true,
    reply: ofList,
  },
  {
    verbs: 'show, show me, list, display, open, see, view, find, give me, what are, which are, whats in, where are',
    objects: `my lists, all lists, all my lists, all the lists, the lists, lists, my other lists, other lists, my projects, all projects,
      all my projects, the projects, projects, my folders, all folders, the folders, folders, my boards, boards, my sections, sections,
      my categories, the categories, categories, all categories, my tags, all tags, all my tags, the tags, tags, my labels, all labels, labels`,
    end: '(?:please|again|here)',
    reply: ofList,
  },
  {
    verbs: 'invite, add, collaborate with, let, allow, give',
    objects: `people, a person, someone, somebody, a user, another user, users, a collaborator, collaborators, a member, members, team members,
      my team, my family, my colleagues, a colleague, a friend, my wife, my husband, my partner, my girlfriend, my boyfriend, my mum, my mom, my dad, my son, my daughter, my boss`,
    end: `(?:(?:to|see|edit|join|use|access|in|into) (?:${[...phraseSet(tasks)].join('|')}|(?:the|this|your) (?:app|program|page)|here)(?: .*)?)`,
    isOpen: true,
    reply: ofOthers,
  },
  {
    verbs: 'invite',
    objects: '\\w+, \\w+ \\w+',
    end: '(?:to|into) (?:my|this|the) (?:tasks?|list|lists|app|page|todo list|to do list|account)',
    isOpen: true,
    reply: ofOthers,
  },
  {
    verbs: `${change}, open, show, show me, go to, take me to, reset, where are`,
    objects: settings,
    reply:
      'There are no settings here. The page follows your browser and system; reminders are set on the page, under Reminders.',
  },
  {
    verbs: 'reset, clear, wipe, erase, empty, delete, restart, reload, refresh, forget, save, sync',
    objects: `my data, all data, all my data, the data, history, my history, the history, chat history, the chat history, my chat history, the chat,
      this chat, the conversation, this conversation, cache, the cache, yourself, the app, this app, the page, this page, the screen, the program,
      everything you know about me, the bot, chat`,
    reply: `I cannot do that. To delete tasks, say for example "delete all done tasks"; the page can be reloaded in your browser.`,
  },
  {
    verbs:
      'install, uninstall, update, download, reinstall, upgrade, close, minimise, minimize, quit, exit, restart, reboot, rate, review, customize, customise',
    objects:
      'the app, this app, the page, this page, the mobile app, your app, the program, the bot, yourself, the android app, the iphone app, the desktop app',
    reply: 'I cannot do that. The page runs in your browser, and needs no installation.',
  },
  {
    verbs: `tell, tell me, sing, sing me, read me, play, play me, show me, write, write me, make up, recite, give me`,
    objects: `a joke, jokes, another joke, a story, a song, a poem, a riddle, some music, music, a song for me, something funny, a fun fact, a game,
      a game with me, the news, the weather, the weather forecast, a bedtime story, stories, songs, poems, something, something nice, me a joke,
      my favourite \\w+, my favorite \\w+, a limerick, a haiku, advice, some advice, life advice`,
    end: '(?:(?:about|for|on|with|in|to) .*|please|now|today|tomorrow|again)',
    reply: onlyTasks,
  },
  {
    verbs: `speak, talk, talk to me in, speak to me in, answer in, reply in, write in, understand, respond in, chat in, switch to, talk in, speak in,
      change to, use`,
    objects: `german, french, spanish, italian, dutch, english, polish, russian, turkish, arabic, chinese, japanese, portuguese, swedish, danish, greek,
      hindi, other languages, another language, my language, slower, louder, to me, with me, up, german with me`,
    end: '(?:please|to me|with me|instead|now|from now on|and .*)',
    reply: 'I understand English only.',
  },
  {
    verbs: 'translate',
    objects: `this, it, that, everything, ${tasks}`,
    reply: 'I understand English only, and cannot translate.',
  },
  {
    verbs: 'call me, address me as, name yourself, introduce yourself',
    objects: 'boss, sir, master, daddy, captain, your highness, your majesty, by my name, by my first name',
    end: 'please|from now on',
    reply: onlyTasks,
  },
  {
    verbs: 'remind me of, remind me about, remember, do, remind people of, remind others of, tell people, tell others',
    objects:
      'things, stuff, some things, some stuff, many things, other things, certain things, different things, things for me, everything for me',
    end: '(?:for me|please|by email|in time)',
    reply: 'Yes: say what, and when. For example "remind me to call Bob tomorrow at 5pm".',
  },
  {
    verbs: 'read, read out, read aloud',
    objects: tasks,
    end: '(?:aloud|out|out loud|loudly|to me|please)',
    reply: 'I cannot speak; say "show my tasks" to see them.',
  },
  {
    verbs: 'search, google, browse, surf, look up',
    objects: 'the web, the internet, the net, online, google, wikipedia, it, that',
    end: '(?:(?:for|about|on) .*|for me|please)',
    reply: onlyTasks,
  },
];

/** What people put before such a wish. */
const openings =
  '(?:please |now |just |ok |okay |hey |so )*(?:(?:i want(?: you)? to|i need(?: you)? to|id like(?: you)? to|i would like(?: you)? to|i wish to|how (?:do|can|could|would) i|can (?:i|we|you)|could (?:i|we|you)|where (?:do|can) i|i wish (?:you|i|this|it|we) could|it would be (?:nice|great|good|cool|lovely|helpful) if (?:you|i|this|it|we) could|is it possible to|is there (?:a|any) way to|let me|lets|help me(?: to)?|i wanna|can this app|why can ?t i|why cant you) )?(?:please )?';

const rows = wishes.map(({ verbs, objects, end, isOpen, reply }) => {
  const tail =
    end ??
    '(?:as|to|into|in|with|from|by|on|via|over|for (?:me|my|today|tomorrow|this|next|the)|here|now|please|again|automatically|everywhere)(?: .*)?';
  const one = (text: string) => `(?:${[...phraseSet(text)].join('|')})`;
  // "turn the sound off"
  const isSwitch = verbs.includes('turn off') ? `|(?:turn|switch) ${one(objects)} (?:on|off)` : '';
  const sentence = `${one(verbs)} ?${one(objects)}(?: ${tail})${isOpen ? '' : '?'}${isSwitch}`;
  return { pattern: new RegExp(`^${openings}(?:${sentence})$`), reply };
});

const longestWish = 160;

/** "export my tasks as csv", "change my time zone to London"; but "print the boarding passes" is of the user's life. */
export const programWish: Command = ({ text }) => {
  if (text.visible.length > longestWish || /[#\uFFFC]/.test(text.visible)) return undefined;
  const said = bareWords(text.visible).join(' ');
  const row = rows.find(({ pattern }) => pattern.test(said));
  if (!row) return undefined;
  const reply = row.reply.includes(nothingChanged) ? row.reply : `${row.reply} ${nothingChanged}`;
  return { tool: 'help', arguments: { reply } };
};
