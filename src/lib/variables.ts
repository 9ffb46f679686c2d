import { z } from 'zod';
import { ExpectedError } from './errors.ts';

/** The variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * A variable that must be set.
 *
 * @param allowed what the variable may be, in words; follows its name and value in the error
 * @param parse gives undefined for a text that is not allowed
 */
export function variable<T>(allowed: string, parse: (text: string) => T | undefined) {
  return z.string({ error: allowed }).transform((text, context): T => {
    const value = parse(text);
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: allowed });
    return z.NEVER;
  });
}

export const text = (allowed: string) => variable(allowed, (value) => value);

export function oneOf<const T extends string>(values: readonly T[]) {
  return variable(`one of ${values.join(', ')}`, (value) => values.find((candidate) => candidate === value));
}

export function integer(minimum: number, maximum: number, unit = 'a whole number') {
  return variable(`${unit} from ${minimum} to ${maximum}`, (value) => wholeNumber(value, minimum, maximum));
}

export const port = integer(0, 65_535, 'a port');

/** Texts with commas between them; blanks around them do not count. */
export function list<T>(allowed: string, parse: (item: string) => T | undefined) {
  return variable(`${allowed}, with commas between them`, (value) => {
    const items = value.split(',').map((item) => parse(item.trim()));
    return items.every((item) => item !== undefined) ? items : undefined;
  });
}

export function wholeNumber(value: string, minimum: number, maximum: number): number | undefined {
  const number = /^\d{1,15}$/.test(value) ? Number(value) : NaN;
  return number >= minimum && number <= maximum ? number : undefined;
}

/**
 * Reads the variables that the shape names; one that is set to nothing counts as not set.
 *
 * @throws {ExpectedError} InvalidConfiguration, which names every bad variable, its value and what is allowed
 */
export function readVariables<Shape extends z.ZodRawShape>(shape: Shape, environment: Environment) {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const result = z.object(shape).safeParse(set);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => problem(String(issue.path[0]), set, issue.message));
  throw new ExpectedError('InvalidConfiguration', `Invalid environment variables:\n${problems.join('\n')}`);
}

function problem(name: string, environment: Environment, allowed: string): string {
  const value = environment[name];
  if (value === undefined) return `  ${name} is not set; it must be ${allowed}`;
  return `  ${name} is ${isSecret(name) ? '(a secret)' : JSON.stringify(value)}; it must be ${allowed}`;
}

const isSecret = (name: string) => /(PASSWORD|KEY|TOKEN|URI)$/.test(name);
