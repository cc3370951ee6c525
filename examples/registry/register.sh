#!/usr/bin/env bash
# Keeps an instance of a service registered with the gateway until SIGTERM or SIGINT, then deregisters it.
#
#   REGISTRY_TOKEN=… ./register.sh http://127.0.0.1:9901 orders orders-1 http://127.0.0.1:9001 [TTL in seconds]
#
# Around a service, so that no request comes any more when it stops:
#
#   ./register.sh … & registration=$!
#   trap 'kill $registration; wait $registration; kill $service' TERM INT
set -u
if [ $# -lt 4 ]; then
  echo 'usage: REGISTRY_TOKEN=… register.sh ADMIN UPSTREAM ID URL [TTL in seconds]' >&2
  exit 2
fi
at=$1/api/v1/upstreams/$2/instances/$3
ttl=${5:-30}
body="{\"url\":\"$4\",\"ttl\":\"${ttl}s\"}"
interval=$((ttl > 3 ? ttl / 3 : 1))
sleeper=

# The token is read from a pipe: what stands on a command line can be seen by everybody on the machine.
call() {
  curl --silent --show-error --fail --max-time "$interval" --output /dev/null \
    --header @<(printf 'authorization: Bearer %s\n' "${REGISTRY_TOKEN:-}") "$@" "$at"
}

# Bash lets a renewal that is under way end first: it could register the instance again.
stop() {
  [ -n "$sleeper" ] && kill "$sleeper"
  call --request DELETE
  exit 0
}
trap stop TERM INT

while true; do
  pause=$interval
  # It may have to wait for the gateway, or for an upstream that is not loaded yet.
  call --request PUT --header 'content-type: application/json' --data "$body" || pause=1
  sleep "$pause" &
  sleeper=$!
  wait "$sleeper"
  sleeper=
done
