import { execa } from 'execa';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { buildImage } from '../localcluster/images/build.ts';
import { images } from '../localcluster/images/images.ts';
import { say, step } from '../localcluster/progress.ts';
import type { Settings } from '../localcluster/settings.ts';
import { imageRoute, minikubeProfileIn } from './load-image.ts';
import type { DemoOptions } from './options.ts';
import { run, type Place, type Reach } from './place.ts';
import { buildsWithoutDocker, checkTools } from './user-tools.ts';

const brokers = 3;
/** Where broker 0 is reached on this machine through kubectl port-forward, and the others after it. */
const firstBrokerPort = 29_092;
const externalListenerPort = 9094;

/** A cluster of the user's own, by its context in their kubeconfig; kubectl and helm are the user's, too. */
export async function userCluster(
  settings: Settings,
  { context, values, registry }: DemoOptions & { readonly context: string },
): Promise<Place> {
  await checkTools(context, (tool, args) => run(tool, args, {}));
  const repository = await loadImage(settings, context, registry);
  const kubectl = (args: readonly string[]) => run('kubectl', ['--context', context, ...args], {});
  return {
    title: `the cluster of context ${context}`,
    helmValues: [
      '--set=eventCluster.spec.externalAccess.host=127.0.0.1',
      `--set=eventCluster.spec.externalAccess.firstPort=${firstBrokerPort}`,
      ...(repository === undefined ? [] : [`--set=image.repository=${repository}`]),
      ...(values === undefined ? [] : [`--values=${values}`]),
    ],
    kubectl,
    helm: (args) => run('helm', ['--kube-context', context, ...args], {}),
    reach: (namespace) => forwardPorts(context, namespace),
    removal: 'helm uninstall kafka-events --namespace kafka-events',
  };
}

/** Brings the image into the cluster, and returns the repository it is in there; undefined if there is no way in. */
async function loadImage(settings: Settings, context: string, registry: string | undefined) {
  const { reference } = images.kafkaEvents;
  const kubeconfig = await run('kubectl', ['config', 'view', '--minify', '--context', context, '--output=json'], {});
  const withoutDocker = await buildsWithoutDocker((tool, args) => run(tool, args, {}));
  const minikubeProfile = minikubeProfileIn(kubeconfig);
  const target = { context, registry, buildsWithoutDocker: withoutDocker, minikubeProfile };
  if (!imageRoute(target, reference, '')) {
    say(
      `  … The cluster of context ${context} must have ${reference}: set REGISTRY=<where you push and it pulls>, or VALUES=<file that names another>`,
    );
    return undefined;
  }
  const archive = withoutDocker ? (await buildImage(settings, images.kafkaEvents)).archive : '';
  const route = imageRoute(target, reference, archive)!;
  for (const [tool = '', ...args] of route.commands) {
    await step([tool, ...args].slice(0, 3).join(' '), () => run(tool, args, {}));
  }
  return route.repository;
}

async function forwardPorts(context: string, namespace: string): Promise<Reach> {
  const apiPort = await freePort();
  const targets = [
    { target: 'service/chat-api', ports: `${apiPort}:80` },
    ...Array.from({ length: brokers }, (_, index) => ({
      target: `pod/events-${index}`,
      ports: `${firstBrokerPort + index}:${externalListenerPort}`,
    })),
  ];
  const args = targets.map(({ target, ports }) => [
    'port-forward',
    '--context',
    context,
    '--namespace',
    namespace,
    target,
    ports,
  ]);
  const forwards = args.map(startForward);
  await Promise.all(forwards.map(untilForwarding));
  return {
    api: `http://127.0.0.1:${apiPort}`,
    bootstrapServers: Array.from({ length: brokers }, (_, index) => `127.0.0.1:${firstBrokerPort + index}`),
    commands: args.map((list) => ['kubectl', ...list].join(' ')),
    async close() {
      for (const forward of forwards) forward.kill();
      await Promise.all(forwards);
    },
  };
}

function startForward(args: readonly string[]) {
  return execa('kubectl', args, { stdin: 'ignore', reject: false });
}

async function untilForwarding(forward: ReturnType<typeof startForward>): Promise<void> {
  const ended = forward.then(({ stderr }) => Promise.reject(new Error(stderr)));
  await Promise.race([once(createInterface({ input: forward.stdout }), 'line'), ended]);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
