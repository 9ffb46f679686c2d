import { pino, stdTimeFunctions, type DestinationStream, type Logger } from 'pino';
import { isExpected } from './errors.ts';

export type { Logger };

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Names of fields that hold secrets, wherever they stand in the first three levels of a line. */
const secretNames = ['password', 'token', 'apiKey', 'authorization', 'databaseUri', 'uri', 'secret'];
const redactedPaths = secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

export interface LoggerOptions {
  /** The program or the part of it that speaks. */
  readonly name: string;
  readonly level: LogLevel;
  /** stdout when left out. */
  readonly destination?: DestinationStream;
}

/** Lines of JSON with a constant message and fields: `logger.warn({ name, err: error }, 'Site refused')`. */
export function createLogger({ name, level, destination }: LoggerOptions): Logger {
  const options = {
    name,
    level,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: serializeError, error: serializeError },
    redact: { paths: redactedPaths, censor: '[redacted]' },
  };
  return destination ? pino(options, destination) : pino(options);
}

interface SerializedError {
  readonly type: string;
  readonly message: string;
  readonly code?: unknown;
  readonly retryable?: boolean;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly stack?: string | undefined;
  readonly cause?: unknown;
}

/** An expected error says what it is by its code and causes; only an unexpected one needs stacks. */
export function serializeError(error: unknown): unknown {
  return serialize(error, !isExpected(error));
}

function serialize(error: unknown, hasStacks: boolean): unknown {
  if (!(error instanceof Error)) return error;
  const cause = error.cause === undefined ? {} : { cause: serialize(error.cause, hasStacks) };
  const serialized: SerializedError = { type: error.name, message: withoutPasswords(error.message), ...cause };
  if (isExpected(error)) {
    const { code, retryable, details } = error;
    return { ...serialized, code, retryable, ...(Object.keys(details).length > 0 && { details }) };
  }
  const code = 'code' in error ? { code: error.code } : {};
  const stack = hasStacks ? { stack: error.stack && withoutPasswords(error.stack) } : {};
  return { ...serialized, ...code, ...stack };
}

/** Drivers put connection URIs into their messages. */
function withoutPasswords(text: string): string {
  return text.replaceAll(/(\w+:\/\/[^\s:/@]*):[^\s@]*@/g, '$1:[redacted]@');
}
