/** The tag of an image, or its digest, or `latest` as for every image that has neither. */
export function tagOf(image: string): string {
  const digest = /@(.+)$/.exec(image)?.[1];
  // The colon of a port comes before the last slash.
  return /:([^/:@]+)(@|$)/.exec(image)?.[1] ?? digest ?? 'latest';
}
