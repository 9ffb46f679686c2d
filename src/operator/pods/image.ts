/** What runs where nobody asks for something else: the image, and its tag. */
export interface Release {
  readonly image: string;
  readonly version: string;
}

/** An image as a whole, or a tag of the usual one. */
export interface Wish {
  readonly image?: string | undefined;
  readonly version?: string | undefined;
}

export const imageOf = (wish: Wish, release: Release): string =>
  wish.image ?? `${release.image}:${versionOf(wish, release)}`;

/** What is said to run: of an image that comes without a version, it is the tag. */
export const versionOf = ({ image, version }: Wish, release: Release): string =>
  version ?? (image ? tagOf(image) : release.version);

/** The tag of an image, or its digest, or `latest` as for every image that has neither. */
export function tagOf(image: string): string {
  const digest = /@(.+)$/.exec(image)?.[1];
  // The colon of a port comes before the last slash.
  return /:([^/:@]+)(@|$)/.exec(image)?.[1] ?? digest ?? 'latest';
}
