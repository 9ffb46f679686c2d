#!/bin/sh
# Makes the database on the first start, and becomes PostgreSQL. It takes what the official image takes: POSTGRES_USER,
# POSTGRES_PASSWORD and POSTGRES_DB (each also as a file, POSTGRES_PASSWORD_FILE), POSTGRES_INITDB_ARGS and PGDATA.
# It writes to the folder that PGDATA is in and to /tmp only, and runs as any user but root.
set -eu

fail() {
  echo "docker-entrypoint.sh: $*" >&2
  exit 1
}

# setting NAME DEFAULT: the value of $NAME, or the content of the file that $NAME_FILE names, or the default.
setting() {
  eval "value=\${$1:-} file=\${$1_FILE:-}"
  if [ -n "$value" ] && [ -n "$file" ]; then fail "both $1 and $1_FILE are set; one has to go"; fi
  if [ -n "$file" ]; then value=$(cat "$file") || fail "$1_FILE: cannot read $file"; fi
  echo "${value:-$2}"
}

# initdb insists on its user having a name, which an arbitrary user of Kubernetes has not.
name_user() {
  if id -un >/dev/null 2>&1; then return; fi
  echo "postgres:x:$(id -u):$(id -g):postgres:/tmp:/bin/sh" >/tmp/passwd
  echo "postgres:x:$(id -g):" >/tmp/group
  export NSS_WRAPPER_PASSWD=/tmp/passwd NSS_WRAPPER_GROUP=/tmp/group LD_PRELOAD=/lib/libnss_wrapper.so
}

# In a subshell: what it exports is for initdb alone.
make_database() (
  folder=$1
  user=$(setting POSTGRES_USER postgres)
  database=$(setting POSTGRES_DB "$user")
  password=$(setting POSTGRES_PASSWORD '')
  if [ -z "$password" ]; then fail 'POSTGRES_PASSWORD (or POSTGRES_PASSWORD_FILE) has to be set for the first start'; fi
  name_user
  umask 077
  trap 'rm -f /tmp/password' EXIT
  echo "$password" >/tmp/password
  # shellcheck disable=SC2086 # the arguments are several words
  initdb --pgdata="$folder" --username="$user" --pwfile=/tmp/password --encoding=UTF8 \
    --locale=C --locale-provider=builtin --builtin-locale=C.UTF-8 \
    --auth-local=trust --auth-host=scram-sha-256 ${POSTGRES_INITDB_ARGS:-}
  echo 'host all all all scram-sha-256' >>"$folder/pg_hba.conf"
  echo "listen_addresses = '*'" >>"$folder/postgresql.conf"
  if [ "$database" = postgres ]; then return; fi
  echo "CREATE DATABASE \"$(echo "$database" | sed 's/"/""/g')\";" | postgres --single -j -D "$folder" postgres >/dev/null
)

case ${1:-} in
  postgres) ;;
  -*) set -- postgres "$@" ;;
  *) exec "$@" ;;
esac

if [ "$(id -u)" = 0 ]; then fail 'PostgreSQL does not run as root: set runAsUser to another user'; fi
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  if [ -e "$PGDATA" ]; then fail "PGDATA: $PGDATA exists, but has no database; it has to be a folder that can be made"; fi
  # Under another name until it is whole: a start that is interrupted begins again.
  rm -rf "$PGDATA.partial"
  mkdir -p "$(dirname "$PGDATA")"
  make_database "$PGDATA.partial"
  mv "$PGDATA.partial" "$PGDATA"
fi
exec "$@"
