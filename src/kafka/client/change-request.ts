import type { RequestDefinition, WireRequest } from 'kafkajs/src/broker/index.js';

/**
 * Changes how kafkajs makes one of its requests, or reads the answer, for all clients of this program.
 *
 * @param concerns whether that is so in this version of the request
 */
export function changeRequest<Values>(
  definition: RequestDefinition<Values>,
  concerns: (version: number) => boolean,
  change: (wire: WireRequest<unknown>, values: Values) => WireRequest<unknown>,
): void {
  const { protocol } = definition;
  definition.protocol = ({ version }) => {
    const make = protocol({ version });
    return concerns(Number(version)) ? (values) => change(make(values), values) : make;
  };
}
