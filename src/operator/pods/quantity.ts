/** Quantities by resource name, as a container's requests or limits. */
export type Quantities = Readonly<Record<string, string | number | bigint>>;

export const mebibyte = 1024 ** 2;
export const gibibyte = 1024 ** 3;

const decimal = { n: 1e-9, u: 1e-6, m: 1e-3, '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18 };
const binary = { Ki: 1024, Mi: mebibyte, Gi: gibibyte, Ti: 1024 ** 4, Pi: 1024 ** 5, Ei: 1024 ** 6 };
const factors = new Map(Object.entries({ ...decimal, ...binary }));

/**
 * A Kubernetes quantity ("1500m", "2.5Gi", 4) as a plain number: cores of cpu, bytes of memory; undefined where the text
 * is none. The client library's own parser throws on "2.5Gi".
 */
export function parseQuantity(text: string | number | bigint): number | undefined {
  const parts = /^([+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?)([A-Za-z]*)$/.exec(String(text));
  const factor = factors.get(parts?.[2] ?? '');
  const value = Number(parts?.[1]) * (factor ?? NaN);
  return Number.isFinite(value) ? value : undefined;
}

/** What a container is bounded by: its limit, or else what is set aside for it. */
export function boundOf(
  resource: 'cpu' | 'memory',
  resources: { readonly requests?: Quantities | undefined; readonly limits?: Quantities | undefined },
): number | undefined {
  const bound = resources.limits?.[resource] ?? resources.requests?.[resource];
  return bound === undefined ? undefined : parseQuantity(bound);
}
