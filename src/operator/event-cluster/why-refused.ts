import type { V1StatefulSet } from '@kubernetes/client-node';
import { brokersOf, type EventCluster } from '../../api/event-cluster.ts';
import { persistentVolumeClaims } from '../kinds.ts';
import { selectorLabels, selectorText } from '../pods/labels.ts';
import { refuseResources } from '../pods/refuse-resources.ts';
import type { Observed } from '../runtime/objects.ts';
import type { Context } from '../runtime/reconcile/controller.ts';
import type { Problem } from '../runtime/reconcile/readiness.ts';
import type { Engine } from './engine.ts';
import { describeKept, keptVolumes, refuseKept, type KeptVolumes } from './kept-volumes.ts';
import { component } from './names.ts';
import { refuseTemplate } from './refuse-template.ts';
import { refuseTag } from './refuse-tag.ts';

/**
 * Why nothing may be made or changed as the spec stands.
 *
 * @param running the StatefulSet, if there is one
 */
export async function whyRefused(
  context: Context<EventCluster>,
  engine: Engine,
  running: Observed<V1StatefulSet> | undefined,
): Promise<Problem | undefined> {
  const { spec, status } = context.object;
  // What never answered was perhaps never a release that there is.
  const version = status?.clusterId === undefined ? undefined : status.version;
  const problem =
    refuseTag(spec) ??
    refuseResources(spec.resources) ??
    engine.refuse(spec, version) ??
    refuseTemplate(spec, engine.container) ??
    engineChanged(context.object, engine, running);
  return problem ?? (running ? undefined : beforeTheStart(context));
}

/** Volumes that one engine has written, the other cannot read. The API server refuses the change, unless it is quick. */
function engineChanged(
  { spec }: EventCluster,
  engine: Engine,
  running: Observed<V1StatefulSet> | undefined,
): Problem | undefined {
  const containers = running?.spec?.template.spec?.containers ?? [];
  if (!running || containers.some(({ name }) => name === engine.container)) return undefined;
  const message =
    `spec.engine is ${spec.engine}, but brokers of another engine exist and keep data: set it back, or create a new ` +
    `EventCluster.`;
  return { reason: 'EngineCannotChange', message, failed: true };
}

/** Volumes that are kept, and do not fit: reported before anything starts on them. */
async function beforeTheStart(context: Context<EventCluster>): Promise<Problem | undefined> {
  const { metadata, spec } = context.object;
  return refuseKept(metadata, await seeKept(context), brokersOf(spec));
}

/** An Event that tells on which volumes brokers start now, where these are not as many as they. */
export async function announceKept(context: Context<EventCluster>): Promise<void> {
  const { metadata, spec } = context.object;
  const message = describeKept(metadata, await seeKept(context), brokersOf(spec));
  if (message !== undefined) context.event('Warning', 'KeptVolumes', message);
}

async function seeKept({ object: { metadata }, client }: Context<EventCluster>): Promise<KeptVolumes> {
  const labelSelector = selectorText(selectorLabels(component, metadata.name));
  const { items } = await client.list({ ...persistentVolumeClaims, labelSelector }, metadata.namespace);
  return keptVolumes(metadata, items);
}
