import { expect, it } from '@jest/globals';
import { execa } from 'execa';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates } from 'node:tls';
import { jdkFolder, openJdk } from '../../../localcluster/artifacts/debian-packages.ts';
import { writeTrustStore } from '../../../localcluster/artifacts/java-trust-store.ts';
import { ensure } from '../../../localcluster/cache.ts';
import { readSettings } from '../../../localcluster/settings.ts';

it('makes Java trust whom Node trusts', async () => {
  const keytool = join(await jdkFolder(await ensure(readSettings(), openJdk)), 'bin/keytool');
  const folder = await mkdtemp(join(tmpdir(), 'trust-store-'));
  try {
    await writeTrustStore(join(folder, 'store'));
    const options = ['-list', '-keystore', join(folder, 'store'), '-storepass', 'changeit'];
    const { stdout } = await execa(keytool, options);
    const count = Number(/contains (\d+) entries/.exec(stdout)?.[1]);
    expect(count).toBeGreaterThanOrEqual(new Set(getCACertificates('default')).size);
    expect(stdout.match(/trustedCertEntry/g)).toHaveLength(count);
  } finally {
    await rm(folder, { recursive: true });
  }
});
