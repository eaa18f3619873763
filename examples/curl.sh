#!/bin/sh
# Rooms with nothing but curl. In one terminal a server, in another this:
#
#   ./roomcast serve --rule 'kept:* log=100/1h'
#   examples/curl.sh [http://localhost:8080]
#
# Ends with 0 when everything was answered as expected.
set -eu

base=${1:-http://localhost:8080}
room=kept:curl
heard=$(mktemp)
trap 'kill "$listening" 2>/dev/null || true; rm -f "$heard"' EXIT
listening=

# Waits until a line is in what was heard.
await() {
  tries=0
  until grep -q "$1" "$heard"; do
    tries=$((tries + 1))
    [ "$tries" -lt 100 ] || { echo "not heard within 10 s: $1" >&2; exit 1; }
    sleep 0.1
  done
}

echo "# listen: Server-Sent Events, until curl is told to stop"
echo "curl -N $base/v1/rooms/$room/events"
curl -sSN "$base/v1/rooms/$room/events" >"$heard" &
listening=$!
await ': subscribed'

echo "# send a text, and a JSON value"
curl -sS --fail-with-body -d 'hi' "$base/v1/rooms/$room/messages"
echo
curl -sS --fail-with-body -H 'Content-Type: application/json' -d '{"n":1}' "$base/v1/rooms/$room/messages"
echo

echo "# the same key twice is one message: repeat what got no answer"
key=$(date +%s)-$$
for n in 1 2; do
  curl -sS --fail-with-body -H "Idempotency-Key: $key" -d 'once' "$base/v1/rooms/$room/messages"
  echo
done

curl -sS --fail-with-body -d 'bye' "$base/v1/rooms/$room/messages"
echo

await '"message":"bye"'
echo "# what was heard"
grep '^data:' "$heard"
[ "$(grep -c '"message":"once"' "$heard")" -eq 1 ]

echo "# who has rooms"
curl -sS --fail-with-body "$base/v1/rooms?prefix=kept:"
echo

echo "# come back where one was: what was missed comes first"
last=$(sed -n 's/^id: *//p' "$heard" | sed -n 2p)
: >"$heard"
kill "$listening"
curl -sSN -H "Last-Event-ID: $last" "$base/v1/rooms/$room/events" >"$heard" &
listening=$!
await '"message":"bye"'
grep '^data:' "$heard"
