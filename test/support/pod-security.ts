import type { V1Container, V1PodSpec, V1PodTemplateSpec, V1SecurityContext, V1Volume } from '@kubernetes/client-node';

/** A change to a template, and the loosest level that refuses it. */
export interface PodChange {
  readonly what: string;
  readonly change: (template: V1PodTemplateSpec) => V1PodTemplateSpec;
  readonly refusedBy: 'none' | 'baseline' | 'restricted';
}

/** A template that the level restricted lets pass. */
export const strictTemplate = (): V1PodTemplateSpec => ({
  metadata: { labels: { app: 'strict' } },
  spec: {
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    initContainers: [container('init')],
    containers: [container('main')],
  },
});

export const bareTemplate = (): V1PodTemplateSpec => ({ spec: { containers: [{ name: 'main', image: 'image' }] } });

const container = (name: string): V1Container => ({
  name,
  image: 'image',
  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
});

const pod = (what: string, change: Partial<V1PodSpec>, refusedBy: PodChange['refusedBy']): PodChange => ({
  what: `${what} in the pod`,
  change: (template) => ({ ...template, spec: { ...template.spec!, ...change } }),
  refusedBy,
});

const podContext = (what: string, change: object, refusedBy: PodChange['refusedBy']): PodChange => ({
  what: `${what} in the pod's security context`,
  change: (template) => {
    const securityContext = { ...template.spec!.securityContext, ...change };
    return { ...template, spec: { ...template.spec!, securityContext } };
  },
  refusedBy,
});

const lists = ['initContainers', 'containers'] as const;

/** The same change in a container of each kind. */
const eachContainer = (what: string, change: Partial<V1Container>, refusedBy: PodChange['refusedBy']): PodChange[] =>
  lists.map((list) => ({
    what: `${what} in ${list}`,
    change: (template) => {
      const containers = template.spec![list]!.map((item) => ({ ...item, ...change }));
      return { ...template, spec: { ...template.spec!, [list]: containers } };
    },
    refusedBy,
  }));

const eachContext = (what: string, change: object, refusedBy: PodChange['refusedBy']): PodChange[] =>
  eachContainer(what, { securityContext: { ...container('').securityContext, ...change } }, refusedBy);

/** Of the pod and of containers alike. */
const everyContext = (what: string, change: V1SecurityContext, refusedBy: PodChange['refusedBy']): PodChange[] => [
  podContext(what, change, refusedBy),
  ...eachContext(what, change, refusedBy),
];

const annotated = (value: string, refusedBy: PodChange['refusedBy']): PodChange => ({
  what: `AppArmor ${value} by annotation`,
  change: (template) => {
    const annotations = { 'container.apparmor.security.beta.kubernetes.io/main': value };
    return { ...template, metadata: { ...template.metadata, annotations } };
  },
  refusedBy,
});

const volume = (source: Omit<V1Volume, 'name'>, refusedBy: PodChange['refusedBy']): PodChange =>
  pod(`a volume of ${Object.keys(source).join()}`, { volumes: [{ name: 'more', ...source }] }, refusedBy);

const sysctl = (name: string, refusedBy: PodChange['refusedBy']): PodChange =>
  podContext(`sysctl ${name}`, { sysctls: [{ name, value: '1' }] }, refusedBy);

const capabilities = (add: string[], refusedBy: PodChange['refusedBy'], drop = ['ALL']): PodChange[] =>
  eachContext(`capabilities +${add.join()} -${drop.join()}`, { capabilities: { add, drop } }, refusedBy);

const handler = { httpGet: { host: '10.0.0.1', port: 80 } };

/** All that the standard speaks of, what it allows and what it does not. */
export const podChanges: readonly PodChange[] = [
  { what: 'nothing', change: (template) => template, refusedBy: 'none' },
  pod('hostNetwork', { hostNetwork: true }, 'baseline'),
  pod('hostPID', { hostPID: true }, 'baseline'),
  pod('hostIPC', { hostIPC: true }, 'baseline'),
  pod('no hostNetwork', { hostNetwork: false }, 'none'),
  ...eachContext('privileged', { privileged: true, allowPrivilegeEscalation: true }, 'baseline'),
  ...eachContext('not privileged', { privileged: false }, 'none'),
  ...capabilities(['SYS_ADMIN'], 'baseline'),
  ...capabilities(['NET_RAW'], 'baseline'),
  ...capabilities(['CHOWN'], 'restricted'),
  ...capabilities(['NET_BIND_SERVICE'], 'none'),
  ...capabilities([], 'restricted', ['NET_RAW']),
  ...capabilities([], 'none', ['NET_RAW', 'ALL']),
  ...eachContainer('no security context', { securityContext: {} }, 'restricted'),
  volume({ hostPath: { path: '/' } }, 'baseline'),
  volume({ emptyDir: {} }, 'none'),
  volume({ secret: { secretName: 'a' } }, 'none'),
  volume({ configMap: { name: 'a' } }, 'none'),
  volume({ downwardAPI: {} }, 'none'),
  volume({ projected: { sources: [{ secret: { name: 'a' } }] } }, 'none'),
  volume({ persistentVolumeClaim: { claimName: 'a' } }, 'none'),
  volume({ csi: { driver: 'a' } }, 'none'),
  volume({ image: { reference: 'a' } }, 'none'),
  volume({ nfs: { server: 'a', path: '/' } }, 'restricted'),
  volume({ iscsi: { targetPortal: 'a', iqn: 'iqn.2001-04.com.example:a', lun: 0 } }, 'restricted'),
  volume({ gcePersistentDisk: { pdName: 'a' } }, 'restricted'),
  volume({ flexVolume: { driver: 'a/b' } }, 'restricted'),
  ...eachContainer('a host port', { ports: [{ containerPort: 80, hostPort: 80 }] }, 'baseline'),
  ...eachContainer('a container port', { ports: [{ containerPort: 80 }] }, 'none'),
  ...(['livenessProbe', 'readinessProbe', 'startupProbe'] as const).map(
    (probe) => eachContainer(`a ${probe} of another host`, { [probe]: handler }, 'baseline')[1]!,
  ),
  eachContainer('a hook to another host', { lifecycle: { postStart: handler } }, 'baseline')[1]!,
  eachContainer(
    'a hook to a port of another host',
    { lifecycle: { preStop: { tcpSocket: handler.httpGet } } },
    'baseline',
  )[1]!,
  eachContainer('a probe of its own', { livenessProbe: { httpGet: { port: 80 } } }, 'none')[1]!,
  annotated('unconfined', 'baseline'),
  annotated('runtime/default', 'none'),
  annotated('localhost/mine', 'none'),
  ...everyContext('AppArmor Unconfined', { appArmorProfile: { type: 'Unconfined' } }, 'baseline'),
  ...everyContext('AppArmor RuntimeDefault', { appArmorProfile: { type: 'RuntimeDefault' } }, 'none'),
  ...everyContext('SELinux type', { seLinuxOptions: { type: 'spc_t' } }, 'baseline'),
  ...everyContext('SELinux type of a container', { seLinuxOptions: { type: 'container_t' } }, 'none'),
  ...everyContext('SELinux user', { seLinuxOptions: { user: 'system_u' } }, 'baseline'),
  ...everyContext('SELinux role', { seLinuxOptions: { role: 'system_r' } }, 'baseline'),
  ...eachContext('procMount', { procMount: 'Unmasked' }, 'baseline'),
  ...eachContext('procMount as usual', { procMount: 'Default' }, 'none'),
  ...everyContext('seccomp Unconfined', { seccompProfile: { type: 'Unconfined' } }, 'baseline'),
  ...everyContext('seccomp Localhost', { seccompProfile: { type: 'Localhost', localhostProfile: 'a' } }, 'none'),
  podContext('no seccomp', { seccompProfile: undefined }, 'restricted'),
  sysctl('kernel.msgmax', 'baseline'),
  sysctl('net.ipv4.tcp_syncookies', 'none'),
  sysctl('net.ipv4.tcp_rmem', 'none'),
  ...everyContext('Windows host process', { windowsOptions: { hostProcess: true } }, 'baseline'),
  ...everyContext('root', { runAsUser: 0 }, 'restricted'),
  ...everyContext('a user', { runAsUser: 7 }, 'none'),
  ...everyContext('leave to run as root', { runAsNonRoot: false }, 'restricted'),
  podContext('no word on root', { runAsNonRoot: undefined }, 'restricted'),
  ...eachContext('privilege escalation', { allowPrivilegeEscalation: true }, 'restricted'),
  ...eachContext('no word on privilege escalation', { allowPrivilegeEscalation: undefined }, 'restricted'),
  pod(
    'what the standard does not speak of',
    { priorityClassName: '', nodeSelector: { a: 'b' }, tolerations: [] },
    'none',
  ),
];

const identity = (what: string, change: object): Omit<PodChange, 'refusedBy'> => ({
  what,
  change: (template) => ({ ...template, spec: { ...template.spec!, ...change } }),
});

const projected = (source: object) => ({ volumes: [{ name: 'token', projected: { sources: [source] } }] });

export const identityChanges: readonly Omit<PodChange, 'refusedBy'>[] = [
  identity('serviceAccountName', { serviceAccountName: 'admin' }),
  identity('serviceAccount', { serviceAccount: 'admin' }),
  identity('a mounted token', { automountServiceAccountToken: true }),
  identity('what mounts a token', { automountServiceAccountToken: null }),
  identity('a projected token', projected({ serviceAccountToken: { path: 'token' } })),
  identity('a projected certificate', projected({ podCertificate: { signerName: 'a/b', keyType: 'ED25519' } })),
];
