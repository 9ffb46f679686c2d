import { describe, expect, it } from '@jest/globals';
import { refuseTemplate } from '../../../../src/operator/event-cluster/refuse-template.ts';
import { anEventCluster } from '../../../support/resources.ts';

const refusal = (containers: unknown) =>
  refuseTemplate(anEventCluster({ engine: 'Kafka', podTemplate: { spec: { containers } } }).spec, 'kafka');

describe('a podTemplate for brokers', () => {
  it.each([
    ['resources', { limits: { memory: '128Mi' } }],
    ['image', 'kafka:4.9.0'],
  ])('cannot change the %s of their own container', (field, value) => {
    expect(refusal([{ name: 'helper' }, { name: 'kafka', [field]: value }])).toEqual({
      reason: 'PodTemplateRefused',
      message: expect.stringMatching(
        `^spec\\.podTemplate\\.spec\\.containers\\[1\\]\\.${field} is of the brokers' own container kafka: set spec\\.${field}:`,
      ),
      failed: true,
    });
  });

  it('can say all else, and the API server judges what is no container', () => {
    expect(
      refusal([
        { name: 'kafka', env: [] },
        { name: 'helper', image: 'a', resources: {} },
      ]),
    ).toBeUndefined();
    for (const nothing of [undefined, 'all', [null, 'kafka', {}], {}]) expect(refusal(nothing)).toBeUndefined();
  });
});
