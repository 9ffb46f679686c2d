/** What a broker is told on its command line. */
export interface StartFlags {
  /** MiB for the broker's allocator, and MiB left to everything else in the container. */
  readonly memory: number;
  readonly reserveMemory: number;
  /** Cores. */
  readonly smp: number;
}

/** Flags of redpanda, as far as the operator uses them. */
const known = ['default-log-level', 'memory', 'reserve-memory', 'smp', 'overprovisioned', 'redpanda-cfg'];

/** @throws {Error} for a flag that redpanda does not know, as it does itself */
export function readStartFlags(flags: readonly string[]): StartFlags {
  const values = new Map<string, string>();
  for (const flag of flags) {
    const [, name = '', value = ''] = /^--([a-z-]+)(?:=(.*))?$/.exec(flag) ?? [];
    if (!known.includes(name)) throw new Error(`unrecognised option '${flag}'`);
    values.set(name, value);
  }
  return {
    memory: megabytes(values.get('memory')) ?? 2048,
    reserveMemory: megabytes(values.get('reserve-memory')) ?? 0,
    smp: Number(values.get('smp') ?? 1),
  };
}

function megabytes(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, number, unit] = /^(\d+)([MG])$/.exec(text) ?? [];
  if (number === undefined) throw new Error(`${text} is no size in memory`);
  return Number(number) * (unit === 'G' ? 1024 : 1);
}

/**
 * @param container MiB that there are
 * @throws {Error} in the words of a broker that does not start with so little
 */
export function refuseMemory({ memory, reserveMemory, smp }: StartFlags, container: number): void {
  if (!(memory / smp >= 1024)) throw new Error(`Memory: ${memory}M for ${smp} cores, below 1 GiB a core`);
  if (memory + reserveMemory > container) {
    throw new Error(
      `insufficient physical memory: needed ${memory}M and ${reserveMemory}M in reserve, available ${container}M`,
    );
  }
}
