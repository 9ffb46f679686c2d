import { readFileSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { artifactKey, ensure, type Artifact } from '../cache.ts';
import type { Settings } from '../settings.ts';
import { writeArchive, type LayerFile } from './archive.ts';
import { DockerfileError, readDockerfile, type CopyInstruction } from './dockerfile.ts';
import type { Image, Layer } from './image.ts';
import { allImages } from './images.ts';
import { writeLayer, type Blob } from './layer.ts';

/** An image that can be brought into a cluster. */
export interface BuiltImage {
  readonly reference: string;
  /** Of its manifest, as containerd lists it: sha256:<hexadecimal digits>. */
  readonly digest: string;
  /** The file to import: a tar of an OCI image layout. */
  readonly archive: string;
  /** The archive's size, which is about what the image takes on a node. */
  readonly bytes: number;
}

/** Builds all images side by side; one that nothing changed for costs nothing. */
export async function buildImages(settings: Settings): Promise<BuiltImage[]> {
  return Promise.all(allImages.map((image) => buildImage(settings, image)));
}

export async function buildImage(settings: Settings, image: Image): Promise<BuiltImage> {
  const { copies, configuration } = readDockerfile(readFileSync(dockerfilePath(image), 'utf8'), dockerfilePath(image));
  const layers = await Promise.all(copies.map((copy) => layerArtifact(settings, image, copy)));
  const artifact: Artifact = {
    name: `image-${image.name}`,
    title: `Image ${image.reference}`,
    inputs: [image.reference, JSON.stringify(configuration), ...layers.map(artifactKey), source('archive.ts')],
    async fill(folder) {
      const files = await Promise.all(layers.map((layer) => layerFile(settings, layer)));
      await writeFile(
        join(folder, 'digest'),
        await writeArchive(join(folder, 'image.tar'), image.reference, configuration, files),
      );
    },
  };
  const folder = await ensure(settings, artifact);
  await removeOldest(join(folder, '..'), basename(folder));
  const archive = join(folder, 'image.tar');
  const digest = await readFile(join(folder, 'digest'), 'utf8');
  return { reference: image.reference, digest, archive, bytes: (await stat(archive)).size };
}

/** Makes the folder that `docker build` takes: the Dockerfile, and all that it copies. */
export async function stageContext(settings: Settings, image: Image, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await copyFile(dockerfilePath(image), join(folder, 'Dockerfile'));
  for (const layer of image.layers) {
    await mkdir(join(folder, layer.name));
    await layer.stage(settings, join(folder, layer.name));
  }
}

function dockerfilePath(image: Image): string {
  return join(import.meta.dirname, image.name, 'Dockerfile');
}

/** The layer that one COPY makes; images with equal ones share it. */
async function layerArtifact(settings: Settings, image: Image, copy: CopyInstruction): Promise<Artifact> {
  const layer = findLayer(image, copy);
  const sources = [...layer.sources, join(import.meta.dirname, 'layer.ts')].map((file) => readFileSync(file, 'utf8'));
  return {
    name: 'image-layers',
    title: `Image ${image.name}: layer ${layer.name}`,
    inputs: [copy.destination, JSON.stringify(copy.owner), ...sources, ...(await layer.inputs(settings))],
    async fill(folder) {
      const staged = join(folder, 'staged');
      await mkdir(staged);
      await layer.stage(settings, staged);
      const blob = await writeLayer(staged, copy, join(folder, 'layer.tar'));
      await writeFile(join(folder, 'layer.json'), JSON.stringify(blob));
      await rm(staged, { recursive: true });
    },
  };
}

function findLayer(image: Image, copy: CopyInstruction): Layer {
  const layer = image.layers.find(({ name }) => name === copy.source);
  if (layer) return layer;
  const known = image.layers.map(({ name }) => `${name}/`).join(', ');
  throw new DockerfileError(
    `${dockerfilePath(image)}:${copy.line}`,
    `the build context has no ${copy.source}/; it has ${known}`,
  );
}

async function layerFile(settings: Settings, layer: Artifact): Promise<LayerFile> {
  const folder = await ensure(settings, layer);
  const blob = JSON.parse(await readFile(join(folder, 'layer.json'), 'utf8')) as Blob;
  return { ...blob, file: join(folder, 'layer.tar') };
}

const archivesKept = 3;

/** Every change of the programs makes one more archive of 150 MB: those of some time ago go. */
async function removeOldest(folder: string, current: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => /^[0-9a-f]{16}$/.test(name) && name !== current);
  const dated = await Promise.all(
    names.map(async (name) => ({ name, time: (await stat(join(folder, name))).mtimeMs })),
  );
  const old = dated.sort((a, b) => b.time - a.time).slice(archivesKept - 1);
  await Promise.all(old.map(({ name }) => rm(join(folder, name), { recursive: true, force: true })));
}

function source(file: string): string {
  return readFileSync(join(import.meta.dirname, file), 'utf8');
}
