import { describe, expect, it } from '@jest/globals';
import {
  decideSecurity,
  securedCondition,
} from '../../../../../src/operator/event-cluster/security/decide-security.ts';
import type { MoveProgress } from '../../../../../src/operator/event-cluster/security/move.ts';
import { certificatesHashAnnotation, securityMoveAnnotation } from '../../../../../src/operator/pods/digest.ts';
import { anEventCluster } from '../../../../support/resources.ts';

const all = { tls: true, authentication: true };
const none = { tls: false, authentication: false };
const running = (annotations: Record<string, string>) =>
  ({ spec: { template: { metadata: { annotations } } } }) as never;
const withCertificates = running({ [certificatesHashAnnotation]: 'abc' });
const progress: MoveProgress = { settled: false, onOpenListener: [], kept: false };
const off = { tls: { enabled: false }, authentication: { enabled: false } };

describe('the security of brokers', () => {
  it.each([
    ['on, unless the spec says otherwise', { engine: 'Kafka' }, undefined, undefined, all],
    ['on, in words', { engine: 'Kafka', security: {} }, undefined, undefined, all],
    ['off, in words', { engine: 'Kafka', security: off }, undefined, undefined, none],
    ['on in part', { engine: 'Kafka', security: { tls: off.tls } }, undefined, undefined, { ...all, tls: false }],
    ['on with Redpanda, too', { engine: 'Redpanda' }, undefined, undefined, all],
    ['off where Redpanda runs without it', { engine: 'Redpanda' }, running({}), undefined, none],
    ['off where brokers run without it', { engine: 'Kafka' }, running({}), undefined, none],
    ['on where brokers run with it, and the status is lost', { engine: 'Kafka' }, withCertificates, undefined, all],
    [
      'on its way, as the pods say, where the status is lost',
      { engine: 'Kafka', security: {} },
      running({ [certificatesHashAnnotation]: 'abc', [securityMoveAnnotation]: 'MoveClients' }),
      undefined,
      { ...all, move: 'MoveClients' },
    ],
    [
      'open for now, where listeners are being added, and the status is lost',
      { engine: 'Kafka', security: {} },
      running({ [certificatesHashAnnotation]: 'abc', [securityMoveAnnotation]: 'AddListeners-Tls-Authentication' }),
      undefined,
      { ...none, move: 'AddListeners' },
    ],
    ['as it was made, whatever is there', { engine: 'Kafka' }, undefined, none, none],
    [
      'as it was made, without a word in the spec',
      { engine: 'Kafka' },
      withCertificates,
      { ...all, tls: false },
      { ...all, tls: false },
    ],
  ])('is %s', (_what, spec, statefulSet, security, expected) => {
    expect(decideSecurity(anEventCluster(spec, security && { security }), statefulSet, progress)).toEqual(expected);
  });

  it.each([
    [{ engine: 'Kafka' }, all, 'True', 'TlsAndAuthentication', /TLS, a user and a password/],
    [{ engine: 'Kafka' }, none, 'False', 'MadeWithoutSecurity', /no TLS and no password: .*Set spec.security to \{\}/],
    [
      { engine: 'Kafka', security: {} },
      { ...none, move: 'AddListeners' as const },
      'False',
      'Moving',
      /closed \(AddListeners\): brokers are restarted/,
    ],
    [{ engine: 'Kafka', security: off }, none, 'False', 'TurnedOff', /spec\.security says so/],
    [{ engine: 'Kafka', security: { tls: off.tls } }, { ...all, tls: false }, 'False', 'TurnedOff', /need no TLS: /],
    [{ engine: 'Redpanda' }, none, 'False', 'MadeWithoutSecurity', /another EventCluster/],
  ])('is told of in a condition: %j', (spec, security, status, reason, message) => {
    const condition = securedCondition(anEventCluster(spec).spec, security, progress);
    expect(condition).toEqual({ type: 'Secured', status, reason, message: expect.stringMatching(message) });
  });
});
