import { brokersServiceName, ports } from '../names.ts';
import type { ClusterPlan } from '../plan.ts';
import { configFolder, redpandaPorts, sourceFolder } from './layout.ts';

/** Programs for the image's own bash and curl: what Redpanda's chart leaves to a sidecar and to Secrets full of shell. */
export function scripts(plan: ClusterPlan): Record<string, string> {
  return {
    'configure.sh': configure(plan),
    'is-started.sh': isStarted,
    'is-ready.sh': isReady,
    'post-start.sh': postStart,
    'pre-stop.sh': preStop,
  };
}

const admin = `http://127.0.0.1:${redpandaPorts.admin}`;

/** Copies the configuration to where it can be written, and adds what only this broker advertises. */
function configure(plan: ClusterPlan): string {
  const { externalAccess } = plan.spec;
  const domain = `${brokersServiceName(plan)}.${plan.namespace}.svc.cluster.local`;
  const set = (key: string, address: string, port: number | string, name = '') =>
    `rpk redpanda config --config "$CONFIG" set '${key}' "{${name && `name: ${name}, `}address: ${address}, port: ${port}}"`;
  const host = `$POD_NAME.${domain}`;
  const external = externalAccess && {
    address: externalAccess.host,
    port: `$((${externalAccess.firstPort} + \${POD_NAME##*-}))`,
  };
  return lines(
    'set -e',
    `CONFIG=${configFolder}/redpanda.yaml`,
    `cp ${sourceFolder}/redpanda.yaml "$CONFIG"`,
    `cp ${sourceFolder}/bootstrap.yaml ${configFolder}/.bootstrap.yaml`,
    set('redpanda.advertised_kafka_api[0]', host, ports.kafka, 'kafka'),
    external && set('redpanda.advertised_kafka_api[1]', external.address, external.port, 'external'),
    set('pandaproxy.advertised_pandaproxy_api[0]', host, redpandaPorts.proxy),
  );
}

/** Answers from the moment the port opens, so the answer is read, too. */
const isStarted = lines(`curl -sf -m 5 ${admin}/v1/status/ready | grep -qE '"status": *"ready"'`);

/** `field NAME` prints a field of the JSON on its input: the image has no jq. */
const functions = lines(
  `field() { grep -oE "\\"$1\\": *[^,}]*" | head -1 | sed -E 's/^[^:]*: *//; s/"//g'; }`,
  `admin() { curl -s -m 5 "$@"; }`,
  `node_id() { admin -f ${admin}/v1/node_config | field node_id; }`,
);

/** Ready: this broker answers, is a member, and is not about to be away. */
const isReady = lines(
  functions,
  `broker=$(admin -f "${admin}/v1/brokers/$(node_id)") || exit 1`,
  `[ "$(echo "$broker" | field membership_status)" = active ] && [ "$(echo "$broker" | field draining)" != true ]`,
);

/**
 * Ends the maintenance that the stop before this start began. A broker whose volume was lost comes back with a new id:
 * its old ids are dead and cannot end theirs, which would keep every other broker from its turn.
 */
const postStart = lines(
  functions,
  `finish() { admin -f -o /dev/null -X DELETE "${admin}/v1/brokers/$1/maintenance"; }`,
  `until id=$(node_id) && [ -n "$id" ] && finish "$id"; do sleep 1; done`,
  `for other in $(admin -f ${admin}/v1/brokers | grep -oE '"node_id": *[0-9]+' | grep -oE '[0-9]+'); do`,
  `  broker=$(admin -f "${admin}/v1/brokers/$other")`,
  `  [ "$(echo "$broker" | field is_alive)" = false ] || continue`,
  `  [ "$(echo "$broker" | field internal_rpc_address)" = "$RPC_HOST" ] && finish "$other"`,
  'done',
  'true',
);

/** Hands over the lead of every partition before the broker goes. 400: another broker is in maintenance, so wait. */
const preStop = lines(
  functions,
  'drain() {',
  '  id=$(node_id)',
  `  while code=$(admin -o /dev/null -w '%{http_code}' -X PUT "${admin}/v1/brokers/$id/maintenance"); do`,
  `    case "$code" in 200) break ;; 404) return ;; *) sleep 1 ;; esac`,
  '  done',
  `  until [ "$(admin "${admin}/v1/brokers/$id" | field finished)" = true ]; do sleep 1; done`,
  '}',
  'export -f field admin node_id drain',
  // Shorter than the pod's grace, which the broker needs a part of to write what it has.
  'timeout 45 bash -c drain',
  'true',
);

function lines(...texts: readonly (string | undefined)[]): string {
  return texts
    .filter((text) => text !== undefined)
    .map((text) => text.replace(/\n?$/, '\n'))
    .join('');
}
