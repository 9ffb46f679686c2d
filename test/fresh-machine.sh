#!/bin/bash
# Runs the two commands of a new user, git clone and make demo, in a Debian that has nothing but git, make, npm and
# python3-pip: no compiler, no Go, no JDK, no caches. Needs root, mmdebstrap and git. It uses this machine's mirrors and
# certificate authorities, and clones what is committed here.
#
# ROOT names a folder in which the Debian and its caches stay, so that another run continues there. TARGETS names what make
# runs instead of demo, such as 'demo test', and ARGS selects tests as in CONTRIBUTING.md. KAFKA_EVENTS_BINARIES_URL has
# Kubernetes fetched instead of compiled.
set -euo pipefail
cluster=fresh-machine
folder=${ROOT:-$(mktemp --directory)}
root=$folder/debian
mkdir --parents "$folder"

if [ ! -e "$root" ]; then
  # Under another name until it is complete: a run that was interrupted leaves nothing that the next one would take for it.
  rm --recursive --force "$root.unfinished"
  mmdebstrap --quiet --variant=minbase --include=ca-certificates,git,make,npm,python3-pip "$(. /etc/os-release; echo "$VERSION_CODENAME")" "$root.unfinished"
  mv "$root.unfinished" "$root"
fi
for file in /etc/resolv.conf /etc/hosts /etc/ssl/certs/ca-certificates.crt; do cat "$file" >"$root$file"; done
git bundle create --quiet "$root/root/kafka-events.bundle" HEAD

# What is the same in there: where npm and pip look, if not at their own registries, and what was asked for.
settings=()
registry=$(npm config get registry 2>/dev/null || true)
index=$(python3 -m pip config get global.index-url 2>/dev/null || true)
[ -z "$registry" ] || settings+=("npm_config_registry=$registry")
[ -z "$index" ] || settings+=("PIP_INDEX_URL=$index")
[ -z "${KAFKA_EVENTS_BINARIES_URL:-}" ] || settings+=("KAFKA_EVENTS_BINARIES_URL=$KAFKA_EVENTS_BINARIES_URL")
[ -z "${ARGS:-}" ] || settings+=("ARGS=$ARGS")

in_root() {
  unshare --mount --propagation private bash -euc '
    mount --bind "$0" "$0"
    mount --types proc proc "$0/proc"
    mount --rbind /sys "$0/sys"
    mount --rbind /dev "$0/dev"
    mount --types tmpfs tmpfs "$0/run"
    exec chroot "$0" env --ignore-environment HOME=/root LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin \
      NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt PIP_CERT=/etc/ssl/certs/ca-certificates.crt "${@:2}" bash -c "$1"
  ' "$root" "$1" "${settings[@]}"
}

trap 'in_root "[ ! -d /root/kafka-events ] || make --directory=/root/kafka-events down CLUSTER=$cluster"; [ -n "${ROOT:-}" ] || rm --recursive --force "$folder"' EXIT
in_root "
  cd /root
  for program in go mvn java gcc objcopy docker kubectl helm; do ! command -v \$program || exit 1; done
  rm --recursive --force kafka-events
  git clone --quiet --config advice.detachedHead=false kafka-events.bundle kafka-events
  cd kafka-events
  git log -1 --oneline
  for target in ${TARGETS:-demo}; do
    if [ \$target = demo ]; then time make demo CLUSTER=$cluster; else time make \$target; fi
  done
"
