import { expect, it } from '@jest/globals';
import { execa } from 'execa';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kubernetesPrograms } from '../../../localcluster/artifacts/go-programs.ts';
import { projectVersion } from '../../../localcluster/artifacts/npm-packages.ts';
import { ensure } from '../../../localcluster/cache.ts';
import { readSettings } from '../../../localcluster/settings.ts';
import { releaseDryRun } from '../../../release/dry-run.ts';

it('A release has a chart that renders, the sources, and checksums that are right', async () => {
  const helm = [join(await ensure(readSettings(), kubernetesPrograms), 'kube'), 'helm'] as const;
  const folder = await mkdtemp(join(tmpdir(), 'release-'));
  try {
    await releaseDryRun(folder, helm);
    const name = `kafka-events-${projectVersion()}`;
    expect((await readdir(folder)).toSorted()).toEqual(
      [
        'CHANGES.md',
        'SHA256SUMS',
        'crds.yaml',
        `${name}-source.tar.gz`,
        `${name}.tgz`,
        'kafka-events.cdx.json',
      ].toSorted(),
    );
    await execa('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: folder });
    const { stdout } = await execa(helm[0], ['helm', 'template', 'release', join(folder, `${name}.tgz`)]);
    expect(stdout).toContain(`image: ghcr.io/kafka-events/kafka-events:${projectVersion()}`);
    const { stdout: sources } = await execa('tar', ['--list', '--file', join(folder, `${name}-source.tar.gz`)]);
    expect(sources.split('\n')).toContain(`${name}/package.json`);
    expect(await readFile(join(folder, 'crds.yaml'), 'utf8')).toContain('eventtopics.kafka-events.dev');
  } finally {
    await rm(folder, { recursive: true });
  }
});
