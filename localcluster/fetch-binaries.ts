import type { Artifact } from './cache.ts';
import type { Settings } from './settings.ts';

export function fetchBinaries(settings: Settings, artifact: Artifact, _folder: string): Promise<boolean> {
  return Promise.resolve(settings.binariesUrl !== undefined && artifact.published === true && false);
}
