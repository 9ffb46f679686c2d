import { join } from 'node:path';
import { ensure } from '../cache.ts';
import type { Report } from '../progress.ts';
import { readSettings } from '../settings.ts';
import { moduleFolder } from './go-module.ts';
import { goDistribution } from './python-packages.ts';
import { runTool, ToolError } from './tools.ts';

const leastGo = { major: 1, minor: 26 };

/** The machine's Go where it is new enough, or else one from the cache. */
export async function goProgram(report: Report): Promise<string> {
  if (isNewEnough(await machineVersion())) return 'go';
  report('fetching Go');
  return join(await ensure(readSettings(), goDistribution), 'go/bin/go');
}

/** As `go version` names it, such as go1.26.8; undefined where there is none. */
async function machineVersion(): Promise<string | undefined> {
  try {
    return await runTool('go', ['env', 'GOVERSION'], { folder: moduleFolder });
  } catch (error) {
    // Go 1.20 and older fail on the go.mod of a newer one.
    if (error instanceof ToolError) return undefined;
    throw error;
  }
}

export function isNewEnough(version = ''): boolean {
  const [, major, minor] = /^go(\d+)\.(\d+)/.exec(version) ?? [];
  return Number(major) > leastGo.major || (Number(major) === leastGo.major && Number(minor) >= leastGo.minor);
}
