/** What the chat understands, by example; the page shows them, too. */
export const examples = [
  'Pay rent tomorrow at 9am #home !high every month',
  'Call Bob in 20 minutes',
  'move "Pay rent" to friday 10:00',
  'snooze pay rent 10 minutes',
  'rename pay rent to Pay the rent',
  'set priority of pay rent to low',
  'tag pay rent with #money',
  'done with pay rent',
  'delete pay rent',
  'what is due today',
] as const;

export const helpText = [
  'Write a task and when it is due, or say what to do with one:',
  ...examples.map((example) => `- ${example}`),
  'Text in quotation marks is left unchanged.',
].join('\n');
