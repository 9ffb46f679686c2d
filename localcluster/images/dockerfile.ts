import { DockerfileParser, type Copy, type Instruction, type PropertyInstruction } from 'dockerfile-ast';
import { z } from 'zod';

/** The part of the image configuration (OCI image-spec, config.md) that a Dockerfile sets. */
export interface ImageConfiguration {
  Env?: string[];
  Entrypoint?: string[];
  Cmd?: string[];
  WorkingDir?: string;
  User?: string;
  ExposedPorts?: Record<string, object>;
  Volumes?: Record<string, object>;
  Labels?: Record<string, string>;
  StopSignal?: string;
}

export interface CopyInstruction {
  readonly line: number;
  /** A folder of the build context, without slashes around it. */
  readonly source: string;
  /** An absolute path, without a slash at its end; the root is the empty text. */
  readonly destination: string;
  /** User and group by number. */
  readonly owner: { readonly user: number; readonly group: number };
}

export interface Dockerfile {
  readonly copies: readonly CopyInstruction[];
  readonly configuration: ImageConfiguration;
}

/** What would have another meaning here than for `docker build`, or none. */
export class DockerfileError extends Error {
  readonly code = 'DockerfileUnsupported';
  constructor(place: string, cause: unknown) {
    super(`${place}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = 'DockerfileError';
  }
}

/**
 * Reads the Dockerfiles of this project: built from scratch, whole folders copied, no shell and no variables.
 *
 * @param file its name, for error messages
 * @throws {DockerfileError} for whatever it cannot do just as `docker build` does it
 */
export function readDockerfile(text: string, file: string): Dockerfile {
  const dockerfile = { copies: [], configuration: {} };
  const instructions = DockerfileParser.parse(text).getInstructions();
  if (instructions.length === 0) throw new DockerfileError(`${file}:1`, 'there is no instruction');
  for (const [index, instruction] of instructions.entries()) {
    try {
      readInstruction(instruction, index, dockerfile);
    } catch (error) {
      throw new DockerfileError(`${file}:${lineOf(instruction)}`, error);
    }
  }
  return dockerfile;
}

interface Reading {
  readonly copies: CopyInstruction[];
  readonly configuration: ImageConfiguration;
}

type Read = (instruction: Instruction, reading: Reading) => void;

const readers: Readonly<Record<string, Read>> = {
  COPY: (instruction, { copies }) => void copies.push(readCopy(instruction as Copy)),
  ENV: (instruction, { configuration }) => {
    const variables = readProperties(instruction as PropertyInstruction).map(([name, value]) => `${name}=${value}`);
    configuration.Env = [...(configuration.Env ?? []), ...variables];
  },
  LABEL: (instruction, { configuration }) => {
    const labels = readProperties(instruction as PropertyInstruction);
    configuration.Labels = { ...configuration.Labels, ...Object.fromEntries(labels) };
  },
  ENTRYPOINT: (instruction, { configuration }) => void (configuration.Entrypoint = readStrings(instruction)),
  CMD: (instruction, { configuration }) => void (configuration.Cmd = readStrings(instruction)),
  VOLUME: (instruction, { configuration }) => {
    configuration.Volumes = { ...configuration.Volumes, ...asKeys(readStrings(instruction)) };
  },
  EXPOSE: (instruction, { configuration }) => {
    const ports = words(instruction).map((port) => (port.includes('/') ? port : `${port}/tcp`));
    configuration.ExposedPorts = { ...configuration.ExposedPorts, ...asKeys(ports) };
  },
  WORKDIR: (instruction, { configuration }) => void (configuration.WorkingDir = readAbsolutePath(instruction)),
  USER: (instruction, { configuration }) => void (configuration.User = readWord(instruction)),
  STOPSIGNAL: (instruction, { configuration }) => void (configuration.StopSignal = readWord(instruction)),
};

function readInstruction(instruction: Instruction, index: number, reading: Reading): void {
  const keyword = instruction.getKeyword();
  if (index === 0) {
    if (keyword !== 'FROM' || instruction.getArgumentsContent() !== 'scratch')
      throw new Error('it has to begin with FROM scratch');
    return;
  }
  const read = readers[keyword];
  if (!read) throw new Error(`${keyword} is not supported; these are: ${Object.keys(readers).join(', ')}`);
  if (instruction.getVariables().length > 0) throw new Error(`${keyword} has a variable, and those are not expanded`);
  read(instruction, reading);
}

function lineOf(instruction: Instruction): number {
  return instruction.getRange().start.line + 1;
}

function words(instruction: Instruction): string[] {
  return instruction.getArguments().map((argument) => argument.getValue());
}

function readWord(instruction: Instruction): string {
  const [word, ...others] = words(instruction);
  if (word === undefined || others.length > 0) throw new Error(`${instruction.getKeyword()} takes one word`);
  return word;
}

function readAbsolutePath(instruction: Instruction): string {
  const path = readWord(instruction);
  if (!path.startsWith('/')) throw new Error(`${instruction.getKeyword()} takes an absolute path, not ${path}`);
  return path;
}

/** The JSON form: the other one would be run by a shell, which an image may not have. */
function readStrings(instruction: Instruction): string[] {
  try {
    return z
      .array(z.string())
      .min(1)
      .parse(JSON.parse(instruction.getArgumentsContent() ?? ''));
  } catch (error) {
    throw new Error(`${instruction.getKeyword()} takes a JSON list of texts: ["/program", "argument"]`, {
      cause: error,
    });
  }
}

function readProperties(instruction: PropertyInstruction): [name: string, value: string][] {
  return instruction.getProperties().map((property) => {
    if (property.getAssignmentOperator() !== '=') throw new Error(`${instruction.getKeyword()} takes NAME=value`);
    return [property.getName(), property.getValue() ?? ''];
  });
}

function readCopy(instruction: Copy): CopyInstruction {
  const [source, destination, ...others] = words(instruction);
  if (!source || !destination || others.length > 0) throw new Error('COPY takes one folder and where it goes');
  if (!/^\w[-\w]*\/$/.test(source))
    throw new Error(`COPY takes a folder of the build context, such as base/, not ${source}`);
  if (!/^\/(?:[^/]+\/)*$/.test(destination))
    throw new Error(`COPY copies to an absolute path with a slash at its end, not to ${destination}`);
  const owner = { user: 0, group: 0 };
  for (const flag of instruction.getFlags()) Object.assign(owner, readOwner(flag.getName(), flag.getValue() ?? ''));
  return { line: lineOf(instruction), source: source.slice(0, -1), destination: destination.slice(0, -1), owner };
}

/** Names would need the image's own list of users. */
function readOwner(flag: string, value: string): CopyInstruction['owner'] {
  if (flag !== 'chown') throw new Error(`COPY --${flag} is not supported; --chown is`);
  const [, user, group] = /^(\d+):(\d+)$/.exec(value) ?? [];
  if (user === undefined) throw new Error(`COPY --chown takes numbers, such as 65532:65532, not ${value}`);
  return { user: Number(user), group: Number(group) };
}

function asKeys(names: readonly string[]): Record<string, object> {
  return Object.fromEntries(names.map((name) => [name, {}]));
}
