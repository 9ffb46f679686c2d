import type { EventCluster } from '../../../api/event-cluster.ts';
import { versionOf } from '../../pods/image.ts';
import type { Problem } from '../../runtime/reconcile/readiness.ts';
import { release } from './pod.ts';

/** A feature release, such as 26.2; patches of one can be exchanged at will. */
interface FeatureRelease {
  readonly year: number;
  readonly number: number;
}

/**
 * A change of version that Redpanda does not take: it goes from one feature release to the next, and not back. It is
 * refused before the first broker is touched. Back to what still runs is allowed until all brokers have left it.
 *
 * @param running the version that all brokers ran last; undefined where none has ever answered
 */
export function refuseVersion(spec: EventCluster['spec'], running: string | undefined): Problem | undefined {
  const wanted = versionOf(spec, release);
  const [from, to] = [featureOf(running ?? ''), featureOf(wanted)];
  // Of an image by digest, or a tag of somebody's own, the operator cannot say.
  if (!from || !to || isSame(from, to) || isNext(from, to)) return undefined;
  const isBack = to.year < from.year || (to.year === from.year && to.number < from.number);
  const rule = isBack
    ? `Redpanda cannot return to an earlier feature release. Set spec.version to ${running}, or to a later one.`
    : `Redpanda can be upgraded by only one feature release at a time. Set spec.version to a release of ${next(from)} first, and continue when the cluster is Ready.`;
  return {
    reason: 'VersionRefused',
    message: `${described(spec, wanted)}, but the brokers run ${running}: ${rule}`,
    failed: true,
  };
}

function described({ version, image }: EventCluster['spec'], wanted: string): string {
  if (version !== undefined) return `spec.version is ${version}`;
  if (image !== undefined) return `spec.image is ${image}`;
  return `spec.version is not set and defaults to ${wanted}`;
}

function featureOf(version: string): FeatureRelease | undefined {
  const [, year, number] = /^v?(\d{2})\.(\d+)(\.|$)/.exec(version) ?? [];
  return year === undefined ? undefined : { year: Number(year), number: Number(number) };
}

/** Every year so far had three. */
const releasesOfYear = 3;

const isSame = (a: FeatureRelease, b: FeatureRelease) => a.year === b.year && a.number === b.number;

function isNext(from: FeatureRelease, to: FeatureRelease): boolean {
  if (to.year === from.year) return to.number === from.number + 1;
  return to.year === from.year + 1 && to.number === 1 && from.number >= releasesOfYear;
}

const next = ({ year, number }: FeatureRelease) =>
  number >= releasesOfYear ? `v${year + 1}.1` : `v${year}.${number + 1}`;
