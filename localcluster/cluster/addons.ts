import { stringify } from 'yaml';
import { images } from '../images/images.ts';
import { addresses } from './addresses.ts';

/** What a cluster has before anybody uses it: DNS, and a default class of volumes. The text is a stream of YAML documents. */
export function renderAddons(): string {
  return [...dns(), ...storage()].map((object) => stringify(object)).join('---\n');
}

const dnsLabels = { 'k8s-app': 'kube-dns' };
const dnsName = { name: 'coredns', namespace: 'kube-system' };

function dns(): object[] {
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: dnsName },
    clusterRole('system:coredns', [
      { apiGroups: [''], resources: ['endpoints', 'services', 'pods', 'namespaces'], verbs: ['list', 'watch'] },
      { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list', 'watch'] },
    ]),
    clusterRoleBinding('system:coredns', { kind: 'ServiceAccount', ...dnsName }),
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: dnsName, data: { Corefile: corefile } },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'kube-dns', namespace: 'kube-system', labels: dnsLabels },
      spec: {
        clusterIP: addresses.clusterDns,
        selector: dnsLabels,
        ports: [
          { name: 'dns', port: 53, protocol: 'UDP', targetPort: 'dns' },
          { name: 'dns-tcp', port: 53, protocol: 'TCP', targetPort: 'dns-tcp' },
        ],
      },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { ...dnsName, labels: dnsLabels },
      spec: {
        selector: { matchLabels: dnsLabels },
        template: { metadata: { labels: dnsLabels }, spec: dnsPod },
      },
    },
  ];
}

// No forward: there is no resolver outside that could be asked, and a name that is not the cluster's is answered at once.
const corefile = `.:1053 {
  errors
  health :8080
  ready :8181
  kubernetes cluster.local in-addr.arpa ip6.arpa {
    pods insecure
    ttl 5
  }
  prometheus :9153
  cache 5
}
`;

const dnsPod = {
  serviceAccountName: dnsName.name,
  priorityClassName: 'system-cluster-critical',
  dnsPolicy: 'Default',
  securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
  containers: [
    {
      name: 'coredns',
      image: images.coredns.reference,
      imagePullPolicy: 'IfNotPresent',
      args: ['-conf', '/etc/coredns/Corefile'],
      ports: [
        { name: 'dns', containerPort: 1053, protocol: 'UDP' },
        { name: 'dns-tcp', containerPort: 1053, protocol: 'TCP' },
      ],
      readinessProbe: { httpGet: { path: '/ready', port: 8181 }, periodSeconds: 1 },
      livenessProbe: { httpGet: { path: '/health', port: 8080 }, failureThreshold: 5 },
      resources: { requests: { cpu: '50m', memory: '32Mi' }, limits: { memory: '128Mi' } },
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      },
      volumeMounts: [{ name: 'configuration', mountPath: '/etc/coredns', readOnly: true }],
    },
  ],
  volumes: [{ name: 'configuration', configMap: { name: dnsName.name } }],
};

/** The user that the storage provisioner's kubeconfig is issued to, and the name that it serves: localcluster/kube. */
const provisioner = { user: 'kafka-events:storage-provisioner', name: 'kafka-events.dev/host-path' };

function storage(): object[] {
  return [
    clusterRole(provisioner.user, [
      {
        apiGroups: [''],
        resources: ['persistentvolumes'],
        verbs: ['get', 'list', 'watch', 'create', 'patch', 'delete'],
      },
      { apiGroups: [''], resources: ['persistentvolumeclaims'], verbs: ['get', 'list', 'watch', 'update'] },
      { apiGroups: ['storage.k8s.io'], resources: ['storageclasses'], verbs: ['get', 'list', 'watch'] },
      { apiGroups: [''], resources: ['events'], verbs: ['create', 'update', 'patch'] },
    ]),
    clusterRoleBinding(provisioner.user, {
      kind: 'User',
      name: provisioner.user,
      apiGroup: 'rbac.authorization.k8s.io',
    }),
    {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'standard', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
      provisioner: provisioner.name,
      reclaimPolicy: 'Delete',
      volumeBindingMode: 'WaitForFirstConsumer',
    },
  ];
}

function clusterRole(name: string, rules: readonly object[]): object {
  return { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name }, rules };
}

function clusterRoleBinding(name: string, subject: object): object {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
    subjects: [subject],
  };
}
