import type { V1PodTemplateSpec } from '@kubernetes/client-node';
import { ExpectedError } from '../../lib/errors.ts';
import type { Problem } from '../runtime/reconcile/readiness.ts';
import { templateShapeProblem } from './template-shape.ts';

/** Levels of the Pod Security Standards, from the strictest. */
export type PodSecurityLevel = 'restricted' | 'baseline' | 'privileged';

/** So many are listed; a person corrects these first. */
const listed = 20;

/**
 * Keeps a resource's `podTemplate` from granting more than the cluster's administrator lets the operator grant, and from
 * holding what cannot be judged.
 *
 * @param field that has the template, for the message
 * @throws {ExpectedError} PodSecurityViolation or PodTemplateRefused, with the fields and what is allowed
 */
export function requirePodSecurity(
  template: V1PodTemplateSpec,
  level: PodSecurityLevel,
  field = 'spec.podTemplate',
): void {
  const problem = podSecurityProblem(template, level, field);
  if (problem) throw new ExpectedError(problem.reason, problem.message);
}

/** The same, as a problem. */
export function podSecurityProblem(
  template: V1PodTemplateSpec,
  level: PodSecurityLevel,
  field = 'spec.podTemplate',
): Problem | undefined {
  const misshapen = templateShapeProblem(template, field);
  if (misshapen) return misshapen;
  const violations = podSecurityViolations(template, level);
  if (violations.length === 0) return undefined;
  const more = violations.length > listed ? [`and ${violations.length - listed} more`] : [];
  const message =
    `${field} asks for more than pod security level ${level} allows: ` +
    `${[...violations.slice(0, listed), ...more].join('; ')}. Nothing was applied. Remove these fields; a cluster ` +
    `administrator can relax the level with the chart's value operator.podSecurity.`;
  return { reason: 'PodSecurityViolation', message, failed: true };
}

/** What a pod template has that a level does not allow, as texts that name the field and what it may be. */
export function podSecurityViolations(template: V1PodTemplateSpec, level: PodSecurityLevel): string[] {
  if (level === 'privileged') return [];
  return [...standardViolations(template, level), ...identityViolations(template)];
}

/** By the Pod Security Standards, as Kubernetes' own admission plugin reads them, for pods on Linux. */
export function standardViolations(template: V1PodTemplateSpec, level: 'restricted' | 'baseline'): string[] {
  const pod = readPod(template);
  const checks = level === 'restricted' ? [...baseline, ...restricted] : baseline;
  return checks.flatMap((check) => check(pod));
}

/** A pod with the token of a service account acts as somebody whom its author may not be. */
export function identityViolations(template: V1PodTemplateSpec): string[] {
  const { spec } = readPod(template);
  const tokens = items(spec['volumes'], 'spec.volumes').flatMap(({ path, fields }) =>
    items(at(fields, 'projected', 'sources'), `${path}.projected.sources`).flatMap((source) =>
      ['serviceAccountToken', 'podCertificate'].flatMap((kind) =>
        unless(source.fields[kind] === undefined, `${source.path}.${kind}`, 'must be left out'),
      ),
    ),
  );
  return [
    ...['serviceAccountName', 'serviceAccount'].flatMap((field) =>
      unless(isOneOf(spec[field], ''), `spec.${field}`, 'must be left out'),
    ),
    ...unless(spec['automountServiceAccountToken'] === false, 'spec.automountServiceAccountToken', 'must be false'),
    ...tokens,
  ];
}

/** Whatever its author wrote: nothing is sure to have the shape that Kubernetes wants, which refuses it then itself. */
type Fields = Readonly<Record<string, unknown>>;

interface Part {
  readonly path: string;
  readonly fields: Fields;
}

interface Pod {
  readonly annotations: Fields;
  readonly spec: Fields;
  readonly containers: readonly Part[];
  /** The pod and its containers, by their paths up to securityContext. */
  readonly securityContexts: readonly Part[];
}

type PodCheck = (pod: Pod) => string[];

function readPod(template: V1PodTemplateSpec): Pod {
  const spec = fieldsOf(template.spec);
  const containers = ['initContainers', 'containers', 'ephemeralContainers'].flatMap((list) =>
    items(spec[list], `spec.${list}`),
  );
  const securityContexts = [{ path: 'spec', fields: spec }, ...containers].map(({ path, fields }) => ({
    path: `${path}.securityContext`,
    fields: fieldsOf(fields['securityContext']),
  }));
  return { annotations: fieldsOf(template.metadata?.annotations), spec, containers, securityContexts };
}

/** A null is as good as nothing for Kubernetes. */
function fieldsOf(value: unknown): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null));
}

const at = (fields: Fields, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((value, name) => fieldsOf(value)[name], fields);

/** Items of a list, by their names where they have them. */
function items(list: unknown, path: string): Part[] {
  if (!Array.isArray(list)) return [];
  return list.map((item: unknown, index) => {
    const fields = fieldsOf(item);
    const { name } = fields;
    return { path: `${path}[${typeof name === 'string' ? name : index}]`, fields };
  });
}

const unless = (holds: boolean, path: string, rule: string): string[] => (holds ? [] : [`${path} ${rule}`]);

/** Or left out. */
const isOneOf = (value: unknown, ...allowed: readonly unknown[]) => value === undefined || allowed.includes(value);

/** Checks a field of the security contexts of the pod and of each container. */
const everywhere =
  (path: readonly string[], isAllowed: (value: unknown) => boolean, rule: string): PodCheck =>
  ({ securityContexts }) =>
    securityContexts.flatMap((context) =>
      unless(isAllowed(at(context.fields, ...path)), [context.path, ...path].join('.'), rule),
    );

const capabilitiesOfBaseline = [
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
];

const safeSysctls = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ping_group_range',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.tcp_wmem',
];

const seLinuxTypes = ['', 'container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t'];
const seccompTypes = ['RuntimeDefault', 'Localhost'];
const appArmorAnnotation = 'container.apparmor.security.beta.kubernetes.io/';

const baseline: readonly PodCheck[] = [
  ({ spec }) =>
    ['hostNetwork', 'hostPID', 'hostIPC'].flatMap((field) =>
      unless(isOneOf(spec[field], false), `spec.${field}`, 'must be false'),
    ),
  ({ spec }) =>
    items(spec['volumes'], 'spec.volumes').flatMap(({ path, fields }) =>
      unless(fields['hostPath'] === undefined, `${path}.hostPath`, 'must be left out'),
    ),
  everywhere(['privileged'], (value) => isOneOf(value, false), 'must be false'),
  capabilitiesAmong(capabilitiesOfBaseline),
  ({ containers }) =>
    containers.flatMap(({ path, fields }) =>
      items(fields['ports'], `${path}.ports`).flatMap((port) =>
        unless(isOneOf(port.fields['hostPort'], 0), `${port.path}.hostPort`, 'must be left out'),
      ),
    ),
  ({ containers }) => containers.flatMap(hostsOfHandlers),
  ({ annotations }) =>
    Object.entries(annotations).flatMap(([name, value]) =>
      unless(
        !name.startsWith(appArmorAnnotation) || /^(|runtime\/default|localhost\/.*)$/s.test(String(value)),
        `metadata.annotations[${name}]`,
        'must be runtime/default or localhost/*',
      ),
    ),
  everywhere(
    ['appArmorProfile', 'type'],
    (value) => isOneOf(value, 'RuntimeDefault', 'Localhost'),
    'must be RuntimeDefault or Localhost',
  ),
  everywhere(
    ['seLinuxOptions', 'type'],
    (value) => isOneOf(value, ...seLinuxTypes),
    `must be one of ${seLinuxTypes.filter(Boolean).join(', ')}`,
  ),
  everywhere(['seLinuxOptions', 'user'], (value) => isOneOf(value, ''), 'must be left out'),
  everywhere(['seLinuxOptions', 'role'], (value) => isOneOf(value, ''), 'must be left out'),
  everywhere(['procMount'], (value) => isOneOf(value, 'Default'), 'must be Default'),
  everywhere(
    ['seccompProfile', 'type'],
    (value) => isOneOf(value, ...seccompTypes),
    'must be RuntimeDefault or Localhost',
  ),
  ({ spec }) =>
    items(at(spec, 'securityContext', 'sysctls'), 'spec.securityContext.sysctls').flatMap(({ path, fields }) =>
      unless(safeSysctls.includes(String(fields['name'])), path, `must be one of ${safeSysctls.join(', ')}`),
    ),
  everywhere(['windowsOptions', 'hostProcess'], (value) => isOneOf(value, false), 'must be false'),
];

const volumeTypes = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
];

const restricted: readonly PodCheck[] = [
  ({ spec }) =>
    items(spec['volumes'], 'spec.volumes').flatMap(({ path, fields }) =>
      unless(
        Object.keys(fields).every((field) => field === 'name' || volumeTypes.includes(field)),
        path,
        `must be one of ${volumeTypes.join(', ')}`,
      ),
    ),
  ofEachContainer(['allowPrivilegeEscalation'], (value) => value === false, 'must be false'),
  ofEachContainer(['capabilities', 'drop'], (value) => Array.isArray(value) && value.includes('ALL'), 'must have ALL'),
  capabilitiesAmong(['NET_BIND_SERVICE']),
  everywhere(['runAsNonRoot'], (value) => isOneOf(value, true), 'must be true'),
  everywhere(['runAsUser'], (value) => value !== 0, 'must not be 0'),
  inPodOrEachContainer(['runAsNonRoot'], 'must be true, here or in spec.securityContext'),
  inPodOrEachContainer(
    ['seccompProfile', 'type'],
    'must be RuntimeDefault or Localhost, here or in spec.securityContext',
  ),
];

function capabilitiesAmong(allowed: readonly string[]): PodCheck {
  return everywhere(
    ['capabilities', 'add'],
    (value) => !Array.isArray(value) || value.every((capability) => allowed.includes(String(capability))),
    `may have only ${allowed.join(', ')}`,
  );
}

function ofEachContainer(path: readonly string[], isAllowed: (value: unknown) => boolean, rule: string): PodCheck {
  return ({ containers }) =>
    containers.flatMap((container) =>
      unless(
        isAllowed(at(container.fields, 'securityContext', ...path)),
        [container.path, 'securityContext', ...path].join('.'),
        rule,
      ),
    );
}

/** Of a field that `everywhere` has judged where it is set. */
function inPodOrEachContainer(path: readonly string[], rule: string): PodCheck {
  return (pod) =>
    at(pod.spec, 'securityContext', ...path) === undefined
      ? ofEachContainer(path, (value) => value !== undefined, rule)(pod)
      : [];
}

/** The kubelet would send what a probe says to any host. */
function hostsOfHandlers({ path, fields }: Part): string[] {
  const handlers = [
    ...['livenessProbe', 'readinessProbe', 'startupProbe'].map((name) => [name]),
    ...['postStart', 'preStop'].map((name) => ['lifecycle', name]),
  ];
  return handlers.flatMap((handler) =>
    ['httpGet', 'tcpSocket'].flatMap((action) => {
      const field = [...handler, action, 'host'];
      return unless(isOneOf(at(fields, ...field), ''), [path, ...field].join('.'), 'must be left out');
    }),
  );
}
