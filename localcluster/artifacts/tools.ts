import { execa, ExecaError } from 'execa';

/** Programs that artifacts are made with, and what to tell somebody who lacks one. */
export const howToInstall = {
  'apt-cache': 'it comes with Debian and Ubuntu; other systems need one of them, in a virtual machine for example',
  'apt-get': 'it comes with Debian and Ubuntu; other systems need one of them, in a virtual machine for example',
  'dpkg-deb': 'it comes with Debian and Ubuntu; other systems need one of them, in a virtual machine for example',
  go: 'install Go 1.26 or later: https://go.dev/doc/install',
  mvn: 'install Apache Maven, for example with: apt-get install maven',
  npm: 'install Node.js 24, which npm comes with: https://nodejs.org',
  python3: 'install Python 3 with pip, for example with: apt-get install python3-pip',
  tar: 'install GNU tar, for example with: apt-get install tar',
} as const;

export type Tool = keyof typeof howToInstall;

export interface ToolOptions {
  /** Where it runs; the current folder when left out. */
  readonly folder?: string;
  /** Variables set beside those of this process. */
  readonly environment?: Record<string, string>;
  /** Called with every line of its output, as it comes. */
  readonly onLine?: (line: string) => void;
}

/** A tool that is not there, or that failed; `output` has the end of what it printed. */
export class ToolError extends Error {
  readonly code: 'ToolMissing' | 'ToolFailed';
  constructor(code: ToolError['code'], message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'ToolError';
    this.code = code;
  }
}

/**
 * Runs one of the machine's tools to its end.
 *
 * @returns what it printed on stdout
 * @throws {ToolError} naming what to install, or the command that failed and the end of its output
 */
export async function runTool(tool: Tool, args: readonly string[], options: ToolOptions = {}): Promise<string> {
  try {
    return await runProgram(tool, args, options);
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new ToolError('ToolMissing', `${tool} is not installed: ${howToInstall[tool]}`, error);
  }
}

/** Runs a program, named by its path, in the same way. */
export async function runProgram(path: string, args: readonly string[], options: ToolOptions = {}): Promise<string> {
  const subprocess = execa(path, args, {
    stdin: 'ignore',
    all: true,
    ...(options.folder !== undefined && { cwd: options.folder }),
    ...(options.environment && { env: options.environment }),
  });
  try {
    const [result] = await Promise.all([
      subprocess,
      options.onLine && eachLine(subprocess.iterable({ from: 'all' }), options.onLine),
    ]);
    return result.stdout;
  } catch (error) {
    if (!(error instanceof ExecaError) || isMissing(error)) throw error;
    throw new ToolError('ToolFailed', `${error.shortMessage}\n${lastLines(String(error.all ?? ''))}`, error);
  }
}

async function eachLine(lines: AsyncIterable<unknown>, onLine: (line: string) => void): Promise<void> {
  for await (const line of lines) onLine(String(line));
}

function isMissing(error: unknown): boolean {
  return error instanceof ExecaError && error.code === 'ENOENT';
}

const linesShown = 15;

/** As much of a program's output as an error message can carry: its end, where the reason usually is. */
export function lastLines(output: string): string {
  return output.trimEnd().split('\n').slice(-linesShown).join('\n');
}
