import { randomInt } from 'node:crypto';

/** How long and how rough a run of the soak is. */
export interface SoakSettings {
  /** Decides everything that is left to chance. */
  readonly seed: number;
  /** How long users make changes and parts fail. */
  readonly seconds: number;
  /** How soon after that everything must be as the account says. */
  readonly settleSeconds: number;
  /** How many users make changes at once, each one after another. */
  readonly users: number;
  /** How long a user waits between two changes at the most. */
  readonly pauseMilliseconds: number;
}

type Defaults = Omit<SoakSettings, 'seed'>;

/** For `make test`. */
export const shortRun: Defaults = { seconds: 30, settleSeconds: 180, users: 6, pauseMilliseconds: 500 };

/** For `make soak`. */
export const longRun: Defaults = { seconds: 30 * 60, settleSeconds: 180, users: 12, pauseMilliseconds: 800 };

/** The defaults, or what SEED and MINUTES say instead. */
export function soakSettings(defaults: Defaults): SoakSettings {
  const minutes = wholeNumber('MINUTES');
  return {
    ...defaults,
    seed: wholeNumber('SEED') ?? randomInt(2 ** 31),
    seconds: minutes === undefined ? defaults.seconds : minutes * 60,
  };
}

function wholeNumber(name: string): number | undefined {
  const text = process.env[name];
  if (text === undefined || text === '') return undefined;
  if (!/^\d{1,10}$/.test(text)) throw new Error(`${name} is "${text}": it must be a whole number`);
  return Number(text);
}
