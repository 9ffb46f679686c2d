import { randomInt } from 'node:crypto';

/** How long and how rough a run of the lab is. */
export interface LabSettings {
  /** Decides everything that is left to chance. */
  readonly seed: number;
  readonly operations: number;
  /** How long the operations take together. */
  readonly seconds: number;
  /** How far behind the API server a watch can be. */
  readonly longestDelaySeconds: number;
  /**
   * How soon after the last operation, and the last delay, all must be as the model says. A request that a broker carries
   * out long after it was given up is made good by the next look at all topics, within two minutes.
   */
  readonly settleSeconds: number;
  /** How many topics are declared, by up to two resources each. */
  readonly topics: number;
}

type Defaults = Omit<LabSettings, 'seed'>;

/** For `make test`. */
export const shortRun: Defaults = {
  operations: 400,
  seconds: 25,
  longestDelaySeconds: 2,
  settleSeconds: 180,
  topics: 16,
};

/** For `make lab`. */
export const longRun: Defaults = {
  operations: 10_000,
  seconds: 720,
  longestDelaySeconds: 30,
  settleSeconds: 240,
  topics: 60,
};

/** The defaults, or what LAB_SEED, LAB_OPERATIONS, LAB_SECONDS and LAB_DELAY_SECONDS say instead. */
export function labSettings(defaults: Defaults): LabSettings {
  return {
    ...defaults,
    seed: wholeNumber('LAB_SEED') ?? randomInt(2 ** 31),
    operations: wholeNumber('LAB_OPERATIONS') ?? defaults.operations,
    seconds: wholeNumber('LAB_SECONDS') ?? defaults.seconds,
    longestDelaySeconds: wholeNumber('LAB_DELAY_SECONDS') ?? defaults.longestDelaySeconds,
  };
}

function wholeNumber(name: string): number | undefined {
  const text = process.env[name];
  if (text === undefined || text === '') return undefined;
  if (!/^\d{1,10}$/.test(text)) throw new Error(`${name} is "${text}": it must be a whole number`);
  return Number(text);
}
