import type { Settings } from '../settings.ts';

/**
 * A container image: a Dockerfile, and the folder that it copies from. Both builders read the same: this one, which needs
 * no daemon, and `docker build` on the staged folder.
 */
export interface Image {
  /** Also the name of the folder below localcluster/images that holds its Dockerfile. */
  readonly name: string;
  /** What a pod names: localhost/kafka:4.3.1. */
  readonly reference: string;
  /** What seldom changes comes first: a change rewrites the layers from there on only. */
  readonly layers: readonly Layer[];
}

/** One folder of the build context, and the source of one COPY. */
export interface Layer {
  /** The folder's name: `COPY base/ /`. */
  readonly name: string;
  /** All that its content follows from, beside the sources below. */
  readonly inputs: (settings: Settings) => readonly string[] | Promise<readonly string[]>;
  /** The files whose code and data stage it. */
  readonly sources: readonly string[];
  /** Fills the empty folder. */
  readonly stage: (settings: Settings, folder: string) => Promise<void>;
}
