import type { ReminderConsumer } from '../../../api/reminder-consumer.ts';
import type { PodTemplateChanges } from '../../pods/pod-template.ts';
import { component as consumerComponent } from '../reminder-consumer/names.ts';
import { component } from './names.ts';

/** What holds for the consumer's program and for this one: not its command, ports and probes. */
const sharedFields = ['env', 'envFrom', 'volumeMounts', 'imagePullPolicy', 'securityContext', 'image', 'resources'];

/**
 * The consumer's podTemplate, as far as it says where and as whom pods run: a replay's pods need the same. Further
 * containers are left out, since a Job with a sidecar would never end.
 */
export function changesOfConsumer({ spec }: ReminderConsumer): PodTemplateChanges | undefined {
  const { podTemplate } = spec;
  if (!podTemplate) return undefined;
  const { containers, restartPolicy: _ofDeployments, ...pod } = podTemplate.spec ?? {};
  const own = Array.isArray(containers) ? containers.find(isItsProgram) : undefined;
  return { ...podTemplate, spec: { ...pod, ...(own && { containers: [sharedPart(own)] }) } };
}

const isItsProgram = (container: unknown): container is object =>
  typeof container === 'object' && container !== null && 'name' in container && container.name === consumerComponent;

function sharedPart(container: object): object {
  const shared = Object.entries(container).filter(([field]) => sharedFields.includes(field));
  return { name: component, ...Object.fromEntries(shared) };
}
