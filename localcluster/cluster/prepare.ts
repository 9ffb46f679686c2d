import { kubernetesPrograms, nodePrograms } from '../artifacts/go-programs.ts';
import { ensure } from '../cache.ts';
import { buildImage, type BuiltImage } from '../images/build.ts';
import type { Image } from '../images/image.ts';
import { images } from '../images/images.ts';
import type { Settings } from '../settings.ts';
import type { NodeFolders } from './node-configuration.ts';
import { nodeRoot } from './node-root.ts';

/** What a cluster is made of: folders of the cache, and the images that its pods run. */
export interface ClusterParts extends NodeFolders {
  /** Holds the program `node`. */
  readonly nodePrograms: string;
  readonly images: readonly BuiltImage[];
}

/** Builds, downloads or finds all of it, side by side: while one compiles for minutes, the others mostly download. */
export async function prepareParts(settings: Settings, moreImages: readonly Image[] = []): Promise<ClusterParts> {
  const [programs, node, root, ...built] = await Promise.all([
    ensure(settings, kubernetesPrograms),
    ensure(settings, nodePrograms),
    ensure(settings, nodeRoot),
    ...[...Object.values(images), ...moreImages].map((image) => buildImage(settings, image)),
  ]);
  return { programs, nodePrograms: node, root, images: built };
}
