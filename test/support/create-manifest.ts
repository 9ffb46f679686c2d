import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Place } from '../../demo/place.ts';

/** Creates an object with kubectl, which takes files. */
export async function createManifest(place: Place, namespace: string, manifest: object): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'manifest-'));
  try {
    const file = join(folder, 'manifest.json');
    await writeFile(file, JSON.stringify(manifest));
    await place.kubectl(['create', '--namespace', namespace, '--filename', file]);
  } finally {
    await rm(folder, { recursive: true });
  }
}
