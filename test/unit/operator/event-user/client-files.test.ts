import { describe, expect, it } from '@jest/globals';
import { clientFiles } from '../../../../src/operator/event-user/client-files.ts';

const listener = { bootstrapServers: 'one:9092,two:9092', hasPasswords: true, hasCertificates: false };
const ca = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

describe('the files of a client', () => {
  it('say all that it needs', () => {
    expect(clientFiles({ ...listener, tls: { ca } }, 'orders', 'secret')).toEqual({
      'bootstrap.servers': 'one:9092,two:9092',
      'security.protocol': 'SASL_SSL',
      'sasl.mechanism': 'SCRAM-SHA-512',
      'sasl.jaas.config':
        'org.apache.kafka.common.security.scram.ScramLoginModule required username="orders" password="secret";',
      username: 'orders',
      password: 'secret',
      'ca.crt': ca,
      'client.properties': [
        'bootstrap.servers=one:9092,two:9092',
        'security.protocol=SASL_SSL',
        'sasl.mechanism=SCRAM-SHA-512',
        'sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username="orders" password="secret";',
        'ssl.truststore.type=PEM',
        'ssl.truststore.certificates=-----BEGIN CERTIFICATE-----\\nMIIB\\n-----END CERTIFICATE-----\\n',
        '',
      ].join('\n'),
    });
  });

  it('trust public authorities where the cluster has none of its own', () => {
    const files = clientFiles({ ...listener, tls: {} }, 'orders', 'secret');
    expect(files['security.protocol']).toBe('SASL_SSL');
    expect(Object.keys(files)).not.toContain('ca.crt');
    expect(clientFiles(listener, 'orders', 'secret')['security.protocol']).toBe('SASL_PLAINTEXT');
  });

  it('keep a password whole, whatever is in it', () => {
    const files = clientFiles(listener, 'orders', 'a"b\\cö');
    expect(files['sasl.jaas.config']).toContain('password="a\\"b\\\\cö";');
    expect(files['client.properties']).toContain('password="a\\\\"b\\\\\\\\c\\u00f6";');
  });
});
