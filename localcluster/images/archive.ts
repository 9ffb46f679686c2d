import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { pack, type Pack } from 'tar-stream';
import type { ImageConfiguration } from './dockerfile.ts';
import type { Blob } from './layer.ts';

/** A layer that was written to a file. */
export interface LayerFile extends Blob {
  readonly file: string;
}

const mediaTypes = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  configuration: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar',
} as const;

/** What Node calls a processor, in the words of Go and of images. */
const architectures: Partial<Record<NodeJS.Architecture, string>> = { x64: 'amd64' };

/**
 * Writes an image as one file (a tar of an OCI image layout) that `ctr images import`, `docker load`, `kind load
 * image-archive` and `minikube image load` take. The last three look for manifest.json as well.
 *
 * @returns the digest of the image's manifest, which changes exactly when the image does
 */
export async function writeArchive(
  file: string,
  reference: string,
  configuration: ImageConfiguration,
  layers: readonly LayerFile[],
): Promise<string> {
  const platform = { architecture: architectures[process.arch] ?? process.arch, os: 'linux' };
  const configurationBlob = jsonBlob({
    created: new Date(0).toISOString(),
    ...platform,
    config: configuration,
    rootfs: { type: 'layers', diff_ids: layers.map(({ digest }) => digest) },
  });
  const manifest = jsonBlob({
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: { mediaType: mediaTypes.configuration, digest: configurationBlob.digest, size: configurationBlob.bytes },
    layers: layers.map(({ digest, bytes }) => ({ mediaType: mediaTypes.layer, digest, size: bytes })),
  });
  const index = {
    schemaVersion: 2,
    mediaType: mediaTypes.index,
    manifests: [
      {
        mediaType: mediaTypes.manifest,
        digest: manifest.digest,
        size: manifest.bytes,
        platform,
        annotations: names(reference),
      },
    ],
  };
  const dockerManifest = [
    { Config: blobPath(configurationBlob), RepoTags: [reference], Layers: layers.map((layer) => blobPath(layer)) },
  ];
  const tar = pack();
  const write = async (): Promise<void> => {
    await addText(tar, 'oci-layout', '{"imageLayoutVersion":"1.0.0"}');
    await addText(tar, 'index.json', JSON.stringify(index));
    await addText(tar, 'manifest.json', JSON.stringify(dockerManifest));
    for (const blob of [manifest, configurationBlob]) await addText(tar, blobPath(blob), blob.text);
    for (const layer of unique(layers)) await addLayer(tar, layer);
    tar.finalize();
  };
  await Promise.all([pipeline(tar, createWriteStream(file)), write()]);
  return manifest.digest;
}

interface TextBlob extends Blob {
  readonly text: string;
}

function jsonBlob(value: object): TextBlob {
  const text = JSON.stringify(value);
  const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`;
  return { text, digest, bytes: Buffer.byteLength(text) };
}

/** The whole name for containerd, the tag alone for others. */
function names(reference: string): Record<string, string> {
  return {
    'io.containerd.image.name': reference,
    'org.opencontainers.image.ref.name': reference.slice(reference.lastIndexOf(':') + 1),
  };
}

function blobPath({ digest }: Blob): string {
  return `blobs/${digest.replace(':', '/')}`;
}

function unique(layers: readonly LayerFile[]): Iterable<LayerFile> {
  return new Map(layers.map((layer) => [layer.digest, layer])).values();
}

const fileHeaders = { mtime: new Date(0), mode: 0o644 };

async function addText(tar: Pack, name: string, text: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    tar.entry({ ...fileHeaders, name }, text, (error) => (error ? reject(error) : resolve()));
  });
}

async function addLayer(tar: Pack, layer: LayerFile): Promise<void> {
  const entry = tar.entry({ ...fileHeaders, name: blobPath(layer), size: layer.bytes });
  await pipeline(createReadStream(layer.file, { highWaterMark: 1 << 20 }), entry);
}
