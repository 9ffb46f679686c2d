import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createCertificateAuthority } from '../../../../localcluster/certificates.ts';
import { systemClock } from '../../../../src/lib/clock.ts';
import { Informer } from '../../../../src/operator/runtime/cache/informer.ts';
import { ConversionWebhook } from '../../../../src/operator/runtime/conversion/conversion-webhook.ts';
import { webhookConversion } from '../../../../src/operator/runtime/conversion/crd-conversion.ts';
import type { Key } from '../../../../src/operator/runtime/objects.ts';
import { installCrds } from '../../../../src/operator/runtime/testing/install-crds.ts';
import { commandLine, type CommandLine } from '../../../support/command-line.ts';
import {
  betaGreetings,
  convertibleGreetings,
  greetingCrd,
  greetings,
  titleAnnotation,
} from '../../../support/greetings.ts';
import { eventually, startKubernetes, type Kubernetes } from '../../../support/kubernetes.ts';
import { silentLogger } from '../../../support/running-manager.ts';

let kubernetes: Kubernetes;
let line: CommandLine;
let webhook: ConversionWebhook;
let key: Key;

const crd = { name: 'greetings.example.org', path: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions' };
const patchCrd = (change: object, subresource = '') =>
  kubernetes.transport.send({
    method: 'PATCH',
    path: `${crd.path}/${crd.name}${subresource}`,
    body: change,
    contentType: 'application/merge-patch+json',
  });

beforeAll(async () => {
  kubernetes = await startKubernetes({ fresh: true });
  line = await commandLine(kubernetes.controlPlane.kubeconfigFile);
  const authority = await createCertificateAuthority('webhook');
  const pair = await authority.issue({ commonName: 'webhook', hosts: ['127.0.0.1'] });
  webhook = new ConversionWebhook({
    kinds: [convertibleGreetings],
    port: 0,
    host: '127.0.0.1',
    readCertificate: () => Promise.resolve(pair),
    clock: systemClock,
    logger: silentLogger,
  });
  await webhook.start();
  const url = `https://127.0.0.1:${webhook.port}/convert`;
  await installCrds(kubernetes.client, [greetingCrd(webhookConversion({ url }, authority.certificate), 'v1alpha1')]);
});
afterAll(async () => {
  await webhook?.stop();
  await kubernetes?.stop();
});
beforeEach(async () => {
  key = { namespace: await kubernetes.createNamespace(), name: 'hello' };
});

const readAlpha = () => kubernetes.client.get(greetings, key);
const readBeta = () => kubernetes.client.get(betaGreetings, key);
const createAlpha = (spec: object, name = key.name) =>
  kubernetes.client.create(greetings, { metadata: { ...key, name }, spec } as object);
const createBeta = (spec: object) => kubernetes.client.create(betaGreetings, { metadata: { ...key }, spec } as object);

/** What kubectl complains of. */
async function complaint(args: readonly string[], input?: string): Promise<string> {
  const run = line.kubectl([...args, `--namespace=${key.namespace}`], input);
  return run.then(
    (output) => Promise.reject(new Error(`kubectl did not fail: ${output}`)),
    (error: { stderr: string }) => error.stderr,
  );
}

const poetic = JSON.stringify({
  apiVersion: betaGreetings.apiVersion,
  kind: 'Greeting',
  metadata: { name: 'hello' },
  spec: { recipient: { name: 'Ada' }, tone: 'Poetic' },
});
const words =
  /cannot convert Greeting test-\w+\/hello from example.org\/v1beta1 to example.org\/v1alpha1: spec.tone: v1alpha1 knows no "Poetic" greetings/;

describe('two served versions of a kind', () => {
  it('show what was created in the other', async () => {
    await createAlpha({ name: 'Ada', polite: true });
    expect(await readBeta()).toMatchObject({ spec: { recipient: { name: 'Ada' }, tone: 'Polite' } });
  });

  it('lose nothing that only one of them can say', async () => {
    const spec = { recipient: { name: 'Ada', title: 'Countess' }, tone: 'Casual' };
    await createBeta(spec);
    expect(await readAlpha()).toMatchObject({
      metadata: { annotations: { [titleAnnotation]: 'Countess' } },
      spec: { name: 'Ada', polite: false },
    });
    await kubernetes.client.mergePatch(greetings, key, { spec: { polite: true } });
    const changed = await readBeta();
    expect(changed?.spec).toEqual({ ...spec, tone: 'Polite' });
    expect(changed?.metadata.annotations).toBeUndefined();
  });

  it('keep whole numbers of 64 bits', async () => {
    const manifest = `{
      "apiVersion": "example.org/v1beta1", "kind": "Greeting", "metadata": { "name": "hello" },
      "spec": { "recipient": { "name": "Ada" }, "luckyNumber": 9223372036854775807 }
    }`;
    await line.kubectl(['create', `--namespace=${key.namespace}`, '--filename=-'], manifest);
    const path = `/apis/example.org/v1alpha1/namespaces/${key.namespace}/greetings/hello`;
    expect(await line.kubectl(['get', `--raw=${path}`])).toContain('"luckyNumber":9223372036854775807');
  });

  // The API server then converts what is left of an object without the fields of others.
  it('take server-side apply in either', async () => {
    const apply = { fieldManager: 'test' };
    const manifest = { metadata: { ...key } };
    await kubernetes.client.apply(greetings, { ...manifest, spec: { name: 'Ada', polite: true } } as object, apply);
    const beta = { ...manifest, spec: { recipient: { name: 'Bob' } } };
    const applied = await kubernetes.client.apply(betaGreetings, beta, apply);
    expect(applied.spec).toEqual({ recipient: { name: 'Bob' } });
  });

  it('tell the watches of one of changes in the other', async () => {
    await createAlpha({ name: 'Ada' }, 'before');
    const { client } = kubernetes;
    const { namespace } = key;
    const options = { client, kind: betaGreetings, namespaces: [namespace], clock: systemClock, logger: silentLogger };
    const informer = new Informer(options);
    const seen: string[] = [];
    informer.onChange(({ object, deleted }) => {
      seen.push(`${object.metadata.name} ${object.spec.recipient?.name} ${deleted ? 'deleted' : object.spec.tone}`);
    });
    const watching = new AbortController();
    const watched = informer.run(watching.signal);
    await informer.synced;
    await createAlpha({ name: 'Bob', polite: true });
    await client.mergePatch(greetings, key, { spec: { polite: false } });
    await client.delete(greetings, key);
    await eventually(() =>
      expect(seen).toEqual(['before Ada undefined', 'hello Bob Polite', 'hello Bob Casual', 'hello Bob deleted']),
    );
    watching.abort();
    await watched;
  });

  it('refuse in words what cannot be stored', async () => {
    expect(await complaint(['apply', '--filename=-'], poetic)).toMatch(words);
    await expect(kubernetes.client.list(betaGreetings, key.namespace)).resolves.toMatchObject({ items: [] });
  });

  // The last one: it leaves the cluster with another version stored, and without the webhook.
  it('are migrated to a new stored version, which needs no webhook', async () => {
    await createAlpha({ name: 'Ada', polite: true }, 'old');
    const { spec } = greetingCrd(webhookConversion({ url: 'https://127.0.0.1' }, ''), 'v1beta1');
    await patchCrd({ spec: { versions: spec.versions } });
    // What only the new version can say is taken once that is the stored one.
    await eventually(() => line.kubectl(['create', `--namespace=${key.namespace}`, '--filename=-'], poetic));
    expect(await complaint(['get', 'greetings.v1alpha1.example.org', 'hello'])).toMatch(words);

    // A write that changes nothing stores the object anew.
    const { items } = await kubernetes.client.list(betaGreetings);
    for (const { metadata } of items) await kubernetes.client.mergePatch(betaGreetings, metadata, {});
    await patchCrd({ status: { storedVersions: ['v1beta1'] } }, '/status');
    await webhook.stop();
    key = { ...key, name: 'old' };
    expect((await readBeta())?.spec).toEqual({ recipient: { name: 'Ada' }, tone: 'Polite' });
    await expect(readAlpha()).rejects.toThrow(/connection refused/);
  });
});
