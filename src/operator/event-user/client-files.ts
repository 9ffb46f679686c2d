import type { ClientListener } from './client-listener.ts';
import { mechanism } from './desired-user.ts';

/** All that a client needs to connect as a user, by the keys of its Secret. */
export function clientFiles(
  { bootstrapServers, tls }: ClientListener,
  username: string,
  password: string,
): Readonly<Record<string, string>> {
  const settings = {
    'bootstrap.servers': bootstrapServers,
    'security.protocol': tls ? 'SASL_SSL' : 'SASL_PLAINTEXT',
    'sasl.mechanism': mechanism,
    'sasl.jaas.config': jaasLine(username, password),
  };
  const trust = tls?.ca === undefined ? {} : { 'ssl.truststore.type': 'PEM', 'ssl.truststore.certificates': tls.ca };
  return {
    ...settings,
    username,
    password,
    ...(tls?.ca !== undefined && { 'ca.crt': tls.ca }),
    'client.properties': properties({ ...settings, ...trust }),
  };
}

function jaasLine(username: string, password: string): string {
  const module = 'org.apache.kafka.common.security.scram.ScramLoginModule';
  return `${module} required username=${quote(username)} password=${quote(password)};`;
}

const quote = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`;

/** As java.util.Properties reads it, in whatever encoding. */
function properties(values: Readonly<Record<string, string>>): string {
  const lines = Object.entries(values).map(([name, value]) => `${name}=${escape(value)}`);
  return `${lines.join('\n')}\n`;
}

function escape(value: string): string {
  return value
    .replaceAll('\\', '\\\\')
    .replaceAll('\r', '')
    .replaceAll('\n', '\\n')
    .replace(/^[ \t\f]/, '\\$&')
    .replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
