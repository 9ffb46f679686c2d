import { z } from 'zod';
import type { Resource } from '../lib/kubernetes-object.ts';
import { apiVersion, rules, serviceNameRule, type KindDefinition } from './resource.ts';
import {
  clusterRef,
  databaseSecretRef,
  image,
  podTemplate,
  printerColumns,
  resources,
  secretKey,
  secretKeyRef,
  secretRef,
  statusBase,
  topicName,
} from './shared.ts';

const topics = z
  .object({
    events: topicName.default('task-events').meta({ description: 'Topic for task-created and task-deleted events.' }),
    updates: topicName.default('task-updates').meta({ description: 'Topic for task-updated events.' }),
    reminders: topicName
      .default('reminders')
      .meta({ description: 'Topic of reminder-due events, which the page shows live.' }),
  })
  .prefault({})
  .meta({ description: 'Topics to publish to and to read from.' });

const auth = z
  .object({
    tokensSecretRef: secretRef.meta({
      description: 'Secret with one entry per user: the key is the user name, the value the bearer token.',
    }),
  })
  .meta({ description: 'Who may call the API.' });

const oidc = z
  .object({
    issuer: z
      .string()
      .min(1)
      .max(2048)
      .regex(/^https:\/\/[^\s/?#@\\]+(\/[^\s?#]*)?$/)
      .meta({
        description:
          'URL of the issuer, exactly as it appears in tokens. Its discovery document is at <issuer>/.well-known/openid-configuration. Users of another issuer are different users.',
      }),
    clientId: z.string().min(1).max(255).meta({ description: 'Client ID of the page: a public client with PKCE.' }),
    audience: z.string().min(1).max(2048).optional().meta({
      description:
        'Audience of access tokens for the API. If omitted, the page sends ID tokens, whose audience is clientId.',
    }),
    userClaim: z.string().min(1).max(255).regex(/^\S+$/).default('sub').meta({
      description:
        "Claim that identifies a user. With another claim, everybody starts with an empty list. Only 'sub' is guaranteed never to be reassigned to another person.",
    }),
    scopes: z
      .array(
        z
          .string()
          .max(255)
          .regex(/^[!#-+\--[\]-~]+$/),
      )
      .max(20)
      .default(['openid'])
      .meta({
        description: "Scopes that the page asks for; with 'offline_access', most issuers let it stay signed in.",
        'x-kubernetes-list-type': 'set',
        ...rules({ rule: "'openid' in self", message: "oidc.scopes must have 'openid'" }),
      }),
    caSecretRef: secretKeyRef('ca.crt')
      .optional()
      .meta({ description: 'Secret with the CA of the issuer, where no public CA has signed its certificate.' }),
  })
  .meta({ description: 'Sign-in with OpenID Connect, in addition to the tokens in auth.' });

const webPush = z
  .object({
    keysSecretRef: z
      .object({
        ...secretRef.shape,
        publicKey: secretKey('public-key').meta({ description: 'Key in the Secret that holds the public VAPID key.' }),
        privateKey: secretKey('private-key').meta({
          description: 'Key in the Secret that holds the private VAPID key.',
        }),
      })
      .meta({
        description: 'Secret with the VAPID keys, in base64url, by which push services know this installation.',
      }),
    subject: z
      .string()
      .max(255)
      .regex(/^(mailto:|https:)[^\s]+$/)
      .meta({ description: 'Contact for the operators of push services, as mailto:… or https:….' }),
  })
  .meta({ description: 'Reminders for browsers in which the page is closed (Web Push); without it, open pages only.' });

const llm = z
  .object({
    baseUrl: z
      .string()
      .min(1)
      .max(2048)
      .regex(/^https?:\/\/[^\s]+$/)
      .meta({ description: 'Base URL of an OpenAI-compatible API, including its version: https://host/v1.' }),
    model: z.string().min(1).max(253).meta({ description: 'Name of the model.' }),
    apiKeySecretRef: secretKeyRef('api-key').optional().meta({ description: 'Secret with the API key.' }),
  })
  .meta({ description: 'Language model for chat. Without one, chat understands only its built-in grammar.' });

const service = z
  .object({
    type: z
      .enum(['ClusterIP', 'NodePort', 'LoadBalancer'])
      .default('ClusterIP')
      .meta({ description: 'Type of the Service.' }),
    port: z.int().min(1).max(65535).default(80).meta({ description: 'Port of the Service.' }),
    nodePort: z
      .int()
      .min(1)
      .max(65535)
      .optional()
      .meta({ description: 'Port on the nodes; chosen by Kubernetes if omitted.' }),
    annotations: z.record(z.string(), z.string()).optional().meta({ description: 'Annotations of the Service.' }),
  })
  .prefault({})
  .meta({
    description: 'How to reach the API.',
    ...rules({
      rule: "!has(self.nodePort) || self.type != 'ClusterIP'",
      message: 'service.nodePort needs service.type NodePort or LoadBalancer',
      fieldPath: '.nodePort',
    }),
  });

const spec = z
  .object({
    clusterRef,
    databaseSecretRef,
    replicas: z.int().min(0).max(1000).default(1).meta({ description: 'Number of pods.' }),
    topics,
    auth,
    oidc: oidc.optional(),
    webPush: webPush.optional(),
    llm: llm.optional(),
    service,
    image: image.optional(),
    resources: resources.optional(),
    podTemplate: podTemplate.optional(),
  })
  .meta({ description: 'Desired state of the chat API.' });

const status = z
  .object({
    ...statusBase,
    url: z.string().optional().meta({ description: 'Address of the API inside the cluster.' }),
    replicas: z.int().optional().meta({ description: 'Number of pods.' }),
    readyReplicas: z.int().optional().meta({ description: 'Pods that are ready.' }),
    selector: z.string().optional().meta({ description: 'Label selector of the pods, for autoscalers.' }),
    outbox: z
      .object({
        pending: z.int().meta({ description: 'Events waiting to be published.' }),
        oldestSeconds: z.number().meta({ description: 'Age of the oldest waiting event, in seconds.' }),
        setAside: z.int().optional().meta({ description: 'Events set aside because their topic rejects them.' }),
      })
      .optional()
      .meta({ description: 'Events not yet published.' }),
  })
  .meta({ description: 'Observed state.' });

export type ChatApi = Resource<z.infer<typeof spec>, z.infer<typeof status>>;

export const chatApi = {
  apiVersion,
  kind: 'ChatApi',
  plural: 'chatapis',
  shortName: 'chat',
  description: 'A chat API that manages tasks by REST and by chat, and publishes each change as an event.',
  spec,
  status,
  rules: [
    {
      rule: 'size(self.metadata.name) <= 50',
      message: 'the name may have at most 50 characters: names of pods and the service are made from it',
    },
    serviceNameRule,
  ],
  printerColumns: printerColumns(
    [
      { name: 'Replicas', type: 'integer', jsonPath: '.status.readyReplicas', description: 'Pods that are ready.' },
      { name: 'Outbox', type: 'integer', jsonPath: '.status.outbox.pending', description: 'Events not yet published.' },
    ],
    [
      { name: 'Cluster', type: 'string', jsonPath: '.spec.clusterRef.name', description: 'Its EventCluster.' },
      { name: 'URL', type: 'string', jsonPath: '.status.url', description: 'Address inside the cluster.' },
    ],
  ),
  scale: true,
} as const satisfies KindDefinition;
