import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { artifactKey, ensure, type Artifact } from '../cache.ts';
import type { Layer } from './image.ts';

/** One program that needs nothing but the kernel. */
export function programLayer(artifact: Artifact, program: string): Layer {
  return {
    name: 'program',
    inputs: () => [artifactKey(artifact), program],
    sources: [import.meta.filename],
    async stage(settings, folder) {
      await copyFile(join(await ensure(settings, artifact), program), join(folder, program));
    },
  };
}
