import { externalHost, hostOfPod } from '../names.ts';
import type { ClusterPlan } from '../plan.ts';
import { rackVariable } from '../rack.ts';
import { configFolder, redpandaPorts, sourceFolder } from './layout.ts';
import { curlTls, kafkaListeners, type KafkaListener } from './listeners.ts';

/** Programs for the image's own bash and curl: what Redpanda's chart leaves to a sidecar and to Secrets full of shell. */
export function scripts(plan: ClusterPlan): Record<string, string> {
  const functions = plan.security
    ? adminFunctions(`https://127.0.0.1:${redpandaPorts.admin}`, ` ${curlTls}`)
    : adminFunctions(`http://127.0.0.1:${redpandaPorts.admin}`, '');
  return {
    'configure.sh': configure(plan),
    'is-started.sh': lines(functions, isStarted),
    'is-ready.sh': lines(functions, isReady),
    'post-start.sh': lines('set -a', functions, postStart),
    'pre-stop.sh': lines('set -a', functions, preStop),
  };
}

interface Advertised {
  readonly name?: string | undefined;
  readonly address: string;
  /** A number, or what the shell makes one of. */
  readonly port: number | string;
}

/** The number of the pod that the script runs in. */
const podIndex = '${POD_NAME##*-}';

/** Copies the configuration to where it can be written, and adds what only this broker advertises. */
function configure(plan: ClusterPlan): string {
  const { externalAccess } = plan.spec;
  const set = (key: string, { name, address, port }: Advertised) =>
    `rpk redpanda config --config "$CONFIG" set '${key}' "{${name ? `name: ${name}, ` : ''}address: ${address}, port: ${port}}"`;
  const address = hostOfPod(plan, '$POD_NAME');
  const advertised = ({ name, port }: KafkaListener): Advertised =>
    name === 'external' && externalAccess
      ? {
          name,
          address: externalHost(externalAccess.host, podIndex),
          port: `$((${externalAccess.firstPort} + ${podIndex}))`,
        }
      : { name, address, port };
  const proxy = { name: plan.security && 'proxy', address, port: redpandaPorts.proxy };
  return lines(
    'set -e',
    `CONFIG=${configFolder}/redpanda.yaml`,
    `cp ${sourceFolder}/redpanda.yaml "$CONFIG"`,
    `cp ${sourceFolder}/bootstrap.yaml ${configFolder}/.bootstrap.yaml`,
    ...kafkaListeners(plan).map((one, index) => set(`redpanda.advertised_kafka_api[${index}]`, advertised(one))),
    set('pandaproxy.advertised_pandaproxy_api[0]', proxy),
    plan.spec.rack &&
      `[ -z "$${rackVariable}" ] || rpk redpanda config --config "$CONFIG" set redpanda.rack "$${rackVariable}"`,
  );
}

/**
 * `field NAME` prints a field of the JSON on its input, and `brokers` a line for each member of the cluster, without what
 * is nested in it: the image has no jq. Only the list of all says who is alive.
 */
const adminFunctions = (url: string, curlOptions: string) =>
  lines(
    `field() { grep -oE "\\"$1\\": *[^,}]*" | head -1 | sed -E 's/^[^:]*: *//; s/"//g'; }`,
    `ADMIN=${url}`,
    `admin() { curl -s -m 5${curlOptions} "$@"; }`,
    'node_id() { admin -f $ADMIN/v1/node_config | field node_id; }',
    'brokers() {',
    "  admin -f $ADMIN/v1/brokers | tr -d '\\n' |",
    `    sed -E 's/: *\\[[^]]*\\]/: null/g; s/: *\\{[^{}]*\\}/: null/g' | grep -oE '\\{[^{}]*\\}'`,
    '}',
    'finish() { admin -f -o /dev/null -X DELETE "$ADMIN/v1/brokers/$1/maintenance"; }',
  );

/**
 * Answers from the moment the port opens, so the answer is read, too. A broker that took longer to start than the hook
 * waits for it is still in maintenance, and would be for ever.
 */
const isStarted = lines(
  `admin -f $ADMIN/v1/status/ready | grep -qE '"status": *"ready"' || exit 1`,
  'id=$(node_id)',
  `[ "$(admin "$ADMIN/v1/brokers/$id" | field draining)" != true ] || finish "$id"`,
);

/** Ready: this broker answers, is a member, and is not about to be away. */
const isReady = lines(
  `broker=$(admin -f "$ADMIN/v1/brokers/$(node_id)") || exit 1`,
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
  `  until code=$(admin -o /dev/null -w '%{http_code}' -X PUT "$ADMIN/v1/brokers/$id/maintenance") && [ "$code" = 200 ]; do`,
  '    [ "$code" = 404 ] && return',
  '    sleep 1',
  '  done',
  `  until [ "$(admin "$ADMIN/v1/brokers/$id" | field finished)" = true ]; do sleep 1; done`,
  '}',
);

/**
 * Runs a function for as long as a hook may take: before a stop, that is half of the pod's grace, the rest of which the
 * broker needs to write what it has. It always ends well: the kubelet kills a container whose hook fails, and a broker
 * that was killed a few times does not start for an hour.
 */
function hook(name: string, ...program: readonly string[]): string {
  return lines(...program, `timeout 45 bash -c ${name}`, 'true');
}

function lines(...texts: readonly (string | undefined)[]): string {
  return texts
    .filter((text) => text !== undefined)
    .map((text) => text.replace(/\n?$/, '\n'))
    .join('');
}
