import { logLevels } from './log.ts';
import { oneOf, port, text, variable } from './variables.ts';

/** What all programs read. */
export const programVariables = {
  LOG_LEVEL: oneOf(logLevels).default('info'),
  METRICS_PORT: port.default(9090),
};

/** For an item of a list. */
export const name = (item: string) => (item === '' ? undefined : item);
export const topic = text('the name of a topic');
export const databaseUri = variable('a URI such as postgresql://user:password@host:5432/database', (value) =>
  /^postgres(ql)?:\/\/./.test(value) && URL.canParse(value) ? value : undefined,
);
