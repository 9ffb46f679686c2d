const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * An address of an identity provider: https, or http on this very machine, as in development.
 *
 * @returns undefined for any other text
 */
export function providerUrl(text: string): URL | undefined {
  const url = URL.parse(text);
  if (!url || url.username !== '' || url.password !== '') return undefined;
  const isTrusted = url.protocol === 'https:' || (url.protocol === 'http:' && loopback.has(url.hostname));
  return isTrusted ? url : undefined;
}
