import { hostOfPod, ports } from '../names.ts';
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
  const set = (key: string, address: string, port: number | string, name = '') =>
    `rpk redpanda config --config "$CONFIG" set '${key}' "{${name && `name: ${name}, `}address: ${address}, port: ${port}}"`;
  const host = hostOfPod(plan, '$POD_NAME');
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

/**
 * `field NAME` prints a field of the JSON on its input, and `brokers` a line for each member of the cluster, without what
 * is nested in it: the image has no jq. Only the list of all says who is alive.
 */
const functions = lines(
  `field() { grep -oE "\\"$1\\": *[^,}]*" | head -1 | sed -E 's/^[^:]*: *//; s/"//g'; }`,
  `admin() { curl -s -m 5 "$@"; }`,
  `node_id() { admin -f ${admin}/v1/node_config | field node_id; }`,
  'brokers() {',
  `  admin -f ${admin}/v1/brokers | tr -d '\\n' |`,
  `    sed -E 's/: *\\[[^]]*\\]/: null/g; s/: *\\{[^{}]*\\}/: null/g' | grep -oE '\\{[^{}]*\\}'`,
  '}',
  `finish() { admin -f -o /dev/null -X DELETE "${admin}/v1/brokers/$1/maintenance"; }`,
);

/**
 * Answers from the moment the port opens, so the answer is read, too. A broker that took longer to start than the hook
 * waits for it is still in maintenance, and would be for ever.
 */
const isStarted = lines(
  functions,
  `admin -f ${admin}/v1/status/ready | grep -qE '"status": *"ready"' || exit 1`,
  'id=$(node_id)',
  `[ "$(admin "${admin}/v1/brokers/$id" | field draining)" != true ] || finish "$id"`,
);

/** Ready: this broker answers, is a member, and is not about to be away. */
const isReady = lines(
  functions,
  `broker=$(admin -f "${admin}/v1/brokers/$(node_id)") || exit 1`,
  `[ "$(echo "$broker" | field membership_status)" = active ] && [ "$(echo "$broker" | field draining)" != true ]`,
);

/**
 * Ends the maintenance that the stop before this start began. A broker whose volume was lost comes back with a new id:
 * its old ids are dead and cannot end theirs, which would keep every other broker from its turn. That they are dead is
 * known only some seconds later.
 */
const postStart = hook(
  'take_back',
  'take_back() {',
  '  until id=$(node_id) && [ -n "$id" ] && finish "$id"; do sleep 1; done',
  '  until all=$(brokers) && finish_ghosts; do sleep 1; done',
  '}',
  'finish_ghosts() {',
  '  echo "$all" | grep -F "\\"$RPC_HOST\\"" | while read -r broker; do',
  '    ghost=$(echo "$broker" | field node_id)',
  '    [ "$ghost" = "$id" ] && continue',
  '    [ "$(echo "$broker" | field is_alive)" = false ] && finish "$ghost" || exit 1',
  '  done',
  '}',
);

/**
 * Hands over the lead of every partition before the broker goes. 400: another broker is in maintenance, so wait. A broker
 * that never joined has no id; of two, the other one could not take over.
 */
const preStop = hook(
  'hand_over',
  'hand_over() {',
  '  id=$(node_id)',
  '  [ -n "$id" ] && [ "$(brokers | wc -l)" -gt 2 ] || return',
  `  until code=$(admin -o /dev/null -w '%{http_code}' -X PUT "${admin}/v1/brokers/$id/maintenance") && [ "$code" = 200 ]; do`,
  '    [ "$code" = 404 ] && return',
  '    sleep 1',
  '  done',
  `  until [ "$(admin "${admin}/v1/brokers/$id" | field finished)" = true ]; do sleep 1; done`,
  '}',
);

/**
 * Runs a function for as long as a hook may take: before a stop, that is half of the pod's grace, the rest of which the
 * broker needs to write what it has. It always ends well: the kubelet kills a container whose hook fails, and a broker
 * that was killed a few times does not start for an hour.
 */
function hook(name: string, ...program: readonly string[]): string {
  return lines('set -a', functions, ...program, `timeout 45 bash -c ${name}`, 'true');
}

function lines(...texts: readonly (string | undefined)[]): string {
  return texts
    .filter((text) => text !== undefined)
    .map((text) => text.replace(/\n?$/, '\n'))
    .join('');
}
