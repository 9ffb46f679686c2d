import { describe, expect, it } from '@jest/globals';
import { imageRoute, minikubeProfileIn, type Target } from '../../../demo/load-image.ts';

const reference = 'localhost/kafka-events:0.1.0';
const route = (target: Partial<Target>) =>
  imageRoute(
    { context: 'mine', minikubeProfile: undefined, registry: undefined, buildsWithoutDocker: true, ...target },
    reference,
    '/cache/image.tar',
  );
const commands = (target: Partial<Target>) => route(target)?.commands.map((command) => command.join(' '));

describe('the way of an image into a cluster', () => {
  it.each([
    [{ minikubeProfile: 'work' }, ['minikube image load /cache/image.tar --profile=work']],
    [{ context: 'kind-tasks' }, ['kind load image-archive /cache/image.tar --name=tasks']],
    [{ context: 'k3d-tasks' }, ['k3d image import /cache/image.tar --cluster=tasks']],
    [{ context: 'docker-desktop' }, ['docker load --input /cache/image.tar']],
    [{ context: 'colima-work' }, ['docker load --input /cache/image.tar']],
    [
      { context: 'kind-tasks', buildsWithoutDocker: false },
      [`docker build --tag ${reference} .`, `kind load docker-image ${reference} --name=tasks`],
    ],
    [{ context: 'docker-desktop', buildsWithoutDocker: false }, [`docker build --tag ${reference} .`]],
    [
      { registry: 'ghcr.io/me' },
      [
        'docker load --input /cache/image.tar',
        `docker tag ${reference} ghcr.io/me/kafka-events:0.1.0`,
        'docker push ghcr.io/me/kafka-events:0.1.0',
      ],
    ],
  ])('is known for %j', (target, expected) => {
    expect(commands(target)).toEqual(expected);
  });

  it('ends in the registry, if there is one', () => {
    expect(route({ registry: 'ghcr.io/me' })?.repository).toBe('ghcr.io/me/kafka-events');
    expect(route({ context: 'kind-tasks' })?.repository).toBe('localhost/kafka-events');
  });

  it('is not known for a cluster elsewhere without one', () => {
    expect(route({ context: 'production' })).toBeUndefined();
  });
});

describe('the profile of minikube', () => {
  const extension = { name: 'cluster_info', extension: { provider: 'minikube.sigs.k8s.io' } };
  it.each([
    ['a cluster of minikube', [{ name: 'work', cluster: { extensions: [extension] } }], 'work'],
    ['another cluster', [{ name: 'kind-work', cluster: {} }], undefined],
    ['no cluster', null, undefined],
  ])('is found in the kubeconfig of %s', (_title, clusters, expected) => {
    expect(minikubeProfileIn(JSON.stringify({ clusters }))).toBe(expected);
  });
});
