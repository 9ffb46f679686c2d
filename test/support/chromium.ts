import { existsSync } from 'node:fs';
import { execa } from 'execa';
import { chromium, type Browser } from 'playwright-core';

const executablePath = '/usr/bin/chromium';

/** Nothing that calls home, and nothing that needs a screen or a sandbox of its own. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * Debian's Chromium, installed if it is missing.
 *
 * @returns why there is none, when it cannot be installed: no Debian, no root, no network
 */
export async function ensureChromium(): Promise<string | undefined> {
  if (existsSync(executablePath)) return undefined;
  try {
    const apt = { timeout: 300_000, env: { DEBIAN_FRONTEND: 'noninteractive' } };
    const options = ['-y', '-qq', '-o', 'DPkg::Lock::Timeout=120', '--no-install-recommends'];
    await execa('apt-get', ['update', '-qq'], apt);
    await execa('apt-get', ['install', ...options, 'chromium', 'fonts-dejavu-core'], apt);
    return undefined;
  } catch (error) {
    return `No Chromium: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`;
  }
}

export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath, args: flags });
}
