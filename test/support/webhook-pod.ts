import { Webhook } from 'standardwebhooks';

/** A request as a webhook's receiver got it. */
export interface ReceivedRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const port = 8080;

/** A pod that takes webhook requests, and logs each as a line of JSON; it runs on the image of the system itself. */
export function webhookPod(name: string, image: string): object {
  const program = `
    import { createServer } from 'node:http';
    import { text } from 'node:stream/consumers';
    createServer(async (request, response) => {
      console.log(JSON.stringify({ headers: request.headers, body: await text(request) }));
      response.writeHead(204).end();
    }).listen(${port});
    process.on('SIGTERM', () => process.exit(0));`;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: {
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name: 'receiver',
          image,
          imagePullPolicy: 'IfNotPresent',
          args: ['--input-type=module', '--eval', program],
          readinessProbe: { tcpSocket: { port }, periodSeconds: 1 },
          resources: { requests: { cpu: '10m', memory: '64Mi' }, limits: { memory: '128Mi' } },
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        },
      ],
    },
  };
}

/** `spec.webhook` that sends to such a pod. */
export function webhookTo(podIp: string, signingSecretName: string): object {
  return {
    url: `http://${podIp}:${port}/reminders`,
    allowHttp: true,
    allowedCidrs: [`${podIp}/32`],
    signingSecretRef: { name: signingSecretName, key: 'signing-secret' },
  };
}

/** The requests that stand in the log of such a pod. @throws where a signature is not by the secret */
export function verifiedRequests(log: string, signingSecret: string): ReceivedRequest[] {
  const requests = log.split('\n').filter((line) => line.startsWith('{'));
  return requests.map((line) => {
    const request = JSON.parse(line) as ReceivedRequest;
    new Webhook(signingSecret).verify(request.body, { ...request.headers });
    return request;
  });
}
