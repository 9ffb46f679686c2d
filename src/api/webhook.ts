import { z } from 'zod';
import { rules } from './resource.ts';
import { delayMilliseconds, delaysInOrder, podTemplate, resources, secretKeyRef, topicName } from './shared.ts';

const octet = '(25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})';
const ipv4Network = `(${octet}\\.){3}${octet}/(3[0-2]|[12]?[0-9])`;
const ipv6Network = '[0-9a-fA-F:.]*:[0-9a-fA-F:.]*/(12[0-8]|1[01][0-9]|[1-9]?[0-9])';

const retry = z
  .object({
    maxAttempts: z
      .int()
      .min(1)
      .max(1000)
      .default(10)
      .meta({
        description:
          'Attempts before a reminder that the receiver answers with 500 or another server error is sent to the ' +
          'dead-letter topic. Later reminders of its partition wait meanwhile.',
      }),
    maxAgeSeconds: z
      .int()
      .min(0)
      .max(2_592_000)
      .default(86_400)
      .meta({
        description:
          'How long after it fired a reminder is retried while the receiver is unreachable or answers 408, 429, 502, 503 ' +
          'or 504; then it is sent to the dead-letter topic.',
      }),
    initialDelayMilliseconds: delayMilliseconds
      .default(1000)
      .meta({ description: 'Maximum delay after the first failure.' }),
    maxDelayMilliseconds: delayMilliseconds
      .default(60_000)
      .meta({ description: 'Maximum delay between two attempts.' }),
  })
  .default({ maxAttempts: 10, maxAgeSeconds: 86_400, initialDelayMilliseconds: 1000, maxDelayMilliseconds: 60_000 })
  .meta({
    description: 'How requests are retried: the delay limit doubles from the initial to the maximum, with full jitter.',
    ...delaysInOrder('webhook.retry'),
  });

/** Reminders sent to a URL, beside the topic that they are in. */
export const webhook = z
  .object({
    url: z
      .string()
      .min(1)
      .max(2048)
      .regex(/^https?:\/\/[^\s/?#@\\]+([/?#][^\s]*)?$/)
      .meta({ description: 'Where to send reminders: a URL without user and password.' }),
    allowHttp: z.boolean().default(false).meta({
      description: 'Allows a URL that begins with http://. Anyone on the network path can then read the reminders.',
    }),
    allowedCidrs: z
      .array(
        z
          .string()
          .max(64)
          .regex(new RegExp(`^(${ipv4Network}|${ipv6Network})$`)),
      )
      .max(64)
      .default([])
      .meta({
        description:
          'Networks that requests may be sent to in addition to public addresses, such as 10.1.0.0/16. By default, no ' +
          'address inside a cluster, a private network or a cloud provider can be reached.',
        'x-kubernetes-list-type': 'set',
      }),
    signingSecretRef: secretKeyRef('signing-secret').meta({
      description:
        'Secret with the signing secret: whsec_ and 24 to 64 random bytes in base64. Several, separated by spaces or line ' +
        'breaks, each sign every request, so that receivers can move from one to the next.',
    }),
    replicas: z
      .int()
      .min(0)
      .max(100)
      .default(1)
      .meta({ description: 'Number of pods; the limits are divided among them.' }),
    maxInFlight: z.int().min(1).max(1000).default(8).meta({ description: 'Maximum number of concurrent requests.' }),
    maxRequestsPerSecond: z.int().min(1).max(10_000).default(50).meta({ description: 'Maximum requests per second.' }),
    timeoutSeconds: z
      .int()
      .min(1)
      .max(20)
      .default(10)
      .meta({ description: 'How long to wait for an answer, in seconds.' }),
    retry,
    deadLetterTopic: topicName
      .optional()
      .meta({ description: 'Topic for reminders that were given up; `<name>-webhook-dead-letters` if omitted.' }),
    resources: resources.optional(),
    podTemplate: podTemplate.optional(),
  })
  .meta({
    description: 'Also sends each reminder to a URL, signed according to Standard Webhooks.',
    ...rules({
      rule: "self.allowHttp || self.url.startsWith('https://')",
      message: 'the URL must begin with https://, unless allowHttp is true',
      fieldPath: '.url',
    }),
  });

export const webhookStatus = z
  .object({
    since: z.string().meta({ description: 'Reminders that fired before this time are not sent.', format: 'date-time' }),
    replicas: z.int().optional().meta({ description: 'Number of pods.' }),
    readyReplicas: z.int().optional().meta({ description: 'Pods that are ready.' }),
    lag: z.int().optional().meta({ description: 'Reminders not yet delivered.' }),
    deadLetters: z.int().optional().meta({ description: 'Reminders in the dead-letter topic of the webhook.' }),
  })
  .meta({ description: 'State of the webhook.' });
