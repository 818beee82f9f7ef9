#!/usr/bin/env bash
# Follows docs/deploy.md word by word: the way of one machine, and that of three nodes with its failover.
#   scripts/test-deploy.sh [BINARY]   default: target/release/terrace; `make test-faults` has it run an unoptimised one
#
# The commands are those of the document's fenced blocks; which machine types a block stands behind its ```sh. A machine is a set of
# namespaces with an address in a network of its own, an /etc, /usr/local and /var that are thrown away afterwards, and a copy of
# the checkout. Only root may make such machines: for anybody else nothing is checked, and the exit code is 77.
#
# What is not as on a reader's machines, all of it: `make build`, `apt-get install` and `systemctl` are the few lines in scripts/deploy
# (the binary and the packages are there, and there is no systemd); `addr` is 10.0.0.12 and .13 on the second and third node, as the
# document says; the two certificates, the names of the hosts and the bucket, which a reader brings along, are made here.
source "$(dirname "$0")/env.sh"
binary=$(realpath "${1:-target/release/terrace}")
[ -x "$binary" ] || fail "There is no binary at $binary."
if ! unshare --mount --net --pid --uts --ipc --fork true 2>/dev/null; then
  say "Not checked: making machines needs root."
  exit 77
fi
for tool in curl haproxy ip jq nsenter openssl pg_createcluster; do have $tool || fail "$tool is missing: run scripts/setup.sh test as root."; done
moto=$TERRACE_CACHE/moto/bin/moto_server
[ -x "$moto" ] || fail "$moto is missing: run scripts/setup.sh test."

work=$(mktemp -d)
chmod 755 "$work"
declare -A inside=()
holders=()
leave() {
  local code=$? pid
  [ $code = 0 ] || say "FAILED: $(cat "$work/doing" 2>/dev/null)"
  for pid in "${holders[@]}"; do kill -KILL "$pid" 2>/dev/null || true; done
  sleep 0.3
  rm -rf "$work"
}
trap leave EXIT

# What a clean checkout has, and the binary that `make build` would make.
mkdir -p "$work/checkout/target/release"
git ls-files -z --cached --others --exclude-standard deploy docs | xargs -0 cp --parents -t "$work/checkout"
cp "$binary" "$work/checkout/target/release/terrace"

openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=deploy-test -keyout "$work/ca.key" -out "$work/ca.pem" 2>/dev/null
certificate() {
  openssl req -newkey rsa:2048 -nodes -subj "/CN=$1" -keyout "$work/$1.key" -out "$work/$1.csr" 2>/dev/null
  openssl x509 -req -in "$work/$1.csr" -CA "$work/ca.pem" -CAkey "$work/ca.key" -CAcreateserial -days 2 \
    -extfile <(printf 'subjectAltName=DNS:%s' "$1") -out "$work/$1.crt" 2>/dev/null
  cat "$work/$1.crt" "$work/$1.key" >"$work/$1.pem"
}
certificate label.example
certificate s3.example

# The first process of a machine: it makes the folders, takes in orphans, and all ends with it.
cat >"$work/first.sh" <<'FIRST'
set -e
own=$1
mount -t tmpfs -o size=6g tmpfs "$own"
for folder in etc usr/local var; do
  mkdir -p "$own/up/$folder" "$own/in/$folder"
  mount -t overlay overlay -o "lowerdir=/$folder,upperdir=$own/up/$folder,workdir=$own/in/$folder" "/$folder"
done
for folder in /run /etc/postgresql /var/lib/postgresql /var/log/postgresql; do mkdir -p $folder; mount -t tmpfs tmpfs $folder; done
chown postgres:postgres /etc/postgresql /var/lib/postgresql /var/log/postgresql
install -d -o postgres -g postgres -m 2775 /run/postgresql
ip link set lo up
touch "$own/ready"
while :; do sleep 3600 & wait $!; done
FIRST

# machine NAME ADDRESS
machine() {
  local name=$1 address=$2 own=$work/$1 holder tries=0
  mkdir "$own"
  unshare --mount --net --pid --uts --ipc --fork --kill-child --mount-proc bash "$work/first.sh" "$own" >"$work/$name.log" 2>&1 &
  holder=$!
  holders+=("$holder")
  disown "$holder"
  until inside[$name]=$(pgrep -P $holder) && nsenter -t "${inside[$name]}" -m test -e "$own/ready"; do
    tries=$((tries + 1))
    [ $tries -lt 100 ] || fail "The machine $name does not come up: $(cat "$work/$name.log")"
    sleep 0.1
  done
  if [ "$name" = switch ]; then
    on switch ip link add br0 type bridge
    on switch ip link set br0 up
    return
  fi
  nsenter -t "${inside[switch]}" -n ip link add "to-$name" type veth peer name eth0 netns "${inside[$name]}"
  on switch ip link set "to-$name" master br0 up
  on "$name" ip addr add "$address/24" dev eth0
  on "$name" ip link set eth0 up
  on "$name" bash -e <<SET
cat "$work/ca.pem" >>/etc/ssl/certs/ca-certificates.crt
printf '127.0.0.1 localhost\n%s label.example\n10.0.0.30 s3.example\n' "${3:-10.0.0.2}" >/etc/hosts.new
cat /etc/hosts.new >/etc/hosts
mkdir -p /etc/haproxy
cp "$work/label.example.pem" /etc/haproxy/site.pem
SET
}

# on NAME COMMAND…: as root on that machine, in the checkout.
on() {
  local name=$1; shift
  nsenter -t "${inside[$name]}" -m -n -p -u -i --wd="$work/checkout" env -i HOME=/root LANG=C.UTF-8 \
    PATH="$PWD/scripts/deploy:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" "$@"
}

# Which blocks of the document were followed.
followed=$work/followed
: >"$followed"

# follow NAME TAG [NUMBER [SED]]: the document's blocks with this tag, or only the one of this number, on that machine.
follow() {
  local name=$1 tag=$2 number=${3:-} change=${4:-} text
  text=$(awk -v tag="$tag" -v only="$number" '
    /^```sh / { n = split($0, words, " "); for (i = 2; i <= n; i++) if (words[i] == tag) { count++; on = only == "" || count == only; line = NR } }
    /^```$/ { on = 0 }
    on && NR > line { print; print line >> "'"$followed"'" }' docs/deploy.md)
  [ -n "$text" ] || fail "docs/deploy.md has no block \`\`\`sh $tag $number."
  echo "$tag $number on $name" >"$work/doing"
  say "--- $tag $number on $name"
  on "$name" bash -euo pipefail -c "$(sed "$change" <<<"$text")" >"$work/said" 2>&1 || { cat "$work/said"; fail "Following docs/deploy.md failed: $tag $number on $name."; }
}

# ask METHOD PATH [JSON]: over TLS through the proxy, with the token of whoever asks.
token=
ask() {
  local method=$1 path=$2 body=()
  [ $# -lt 3 ] || body=(--header 'content-type: application/json' --data "$3")
  on "$from" curl -sS --fail-with-body --max-time 30 --request "$method" --header "authorization: Bearer $token" "${body[@]}" \
    "https://label.example/api/v1$path"
}

sign_in() {
  token=
  token=$(ask POST /tokens "{\"username\":\"$1\",\"password\":\"$2\"}" | jq -re .token)
}

wait_for() {
  local what=$1 tries=0; shift
  until "$@" >/dev/null 2>&1; do
    tries=$((tries + 1))
    [ $tries -lt 100 ] || { "$@" || true; fail "$what did not come about within twenty seconds."; }
    sleep 0.2
  done
}

# The operator signs in, makes a project with two items and somebody who works in it.
prepare() {
  echo "first work from $from" >"$work/doing"
  wait_for "An answer through the proxy" on "$from" curl -fsS --max-time 5 https://label.example/readyz
  sign_in root 'a password of your own'
  local schema='{"controls":[{"id":"mood","kind":"choice","required":true,"options":[{"id":"pos"},{"id":"neg"}]}]}'
  project=$(ask POST /projects "{\"name\":\"first\",\"modality\":\"text\",\"schema\":$schema}" | jq -re .id)
  ask PATCH "/projects/$project" '{"status":"open"}' >/dev/null
  printf '%s\n' '{"id":"1","text":"今天的天气在贵阳很好。"}' '{"id":"2","text":"我们去花溪公园走了一圈。"}' >"$work/items.jsonl"
  import=$(on "$from" curl -fsS --header "authorization: Bearer $token" --header 'content-type: application/octet-stream' \
    --data-binary "@$work/items.jsonl" "https://label.example/api/v1/projects/$project/imports?format=jsonl&name=items.jsonl" | jq -re .id)
  wait_for "The import" eval "ask GET /imports/$import | jq -e '.state == \"done\"'"
  ask POST /people '{"username":"ann","name":"Ann","password":"a password of Ann"}' >/dev/null
  ask PUT "/projects/$project/members/ann" '{"role":"annotator"}' >/dev/null
}

# Ann signs in and labels one item.
label() {
  echo "a label from $from" >"$work/doing"
  local claim
  sign_in ann 'a password of Ann'
  claim=$(ask POST "/projects/$project/claims" '{"count":1}' | jq -re '.claims[0].id')
  ask POST "/claims/$claim/submit" '{"value":{"mood":["pos"]},"active_ms":10,"schema_version":1}' | jq -e .annotation.id >/dev/null
}

machine switch -

say "=== one machine"
machine one 10.0.0.10 127.0.0.1
follow one one 1
follow one one 2
follow one one 3
from=one
prepare
label
follow one look
follow one one 4

say "=== several nodes"
machine bucket 10.0.0.30
on bucket bash -e <<BUCKET
sed -e '/^frontend/,\$d' "$work/checkout/deploy/haproxy.cfg" >/etc/haproxy/haproxy.cfg
cp "$work/s3.example.pem" /etc/haproxy/site.pem
printf 'frontend s3\n  bind :443 ssl crt /etc/haproxy/site.pem\n  default_backend moto\nbackend moto\n  server moto 127.0.0.1:9000\n' >>/etc/haproxy/haproxy.cfg
systemctl start haproxy
S3_IGNORE_SUBDOMAIN_BUCKETNAME=true setsid "$moto" -H 127.0.0.1 -p 9000 >/run/moto.log 2>&1 &
BUCKET
machine primary 10.0.0.20
machine standby 10.0.0.21
for name in node1:10.0.0.11 node2:10.0.0.12 node3:10.0.0.13 proxy:10.0.0.2; do machine "${name%:*}" "${name#*:}"; done
wait_for "The bucket" on proxy curl -fsS --max-time 5 -X PUT https://s3.example/terrace

follow primary primary 1
follow primary primary 2
follow standby standby
follow primary primary 3
wait_for "A synchronous standby" on primary bash -c \
  "[ \"\$(runuser -u postgres -- psql -tAc \"SELECT sync_state FROM pg_stat_replication WHERE state = 'streaming'\")\" = sync ]"
for n in 1 2 3; do
  follow node$n node 1
  follow node$n node 2 "s/10\.0\.0\.11/10.0.0.1$n/"
done
# The first one makes the schema.
wait_for "The first node" on node1 curl -fsS --max-time 5 http://10.0.0.11:3000/readyz
follow node1 node1
follow proxy proxy
from=proxy
prepare
label
for n in 1 2 3; do follow node$n look; done
follow node2 restart

say "=== failover"
kill -9 "${inside[primary]}"
follow standby failover
wait_for "Work after the failover" label
follow node3 look

# Nothing that a reader would type was left out.
all=$(awk '/^```sh/ { on = 1; line = NR } /^```$/ { on = 0 } on && NR > line { print line }' docs/deploy.md | sort -nu)
[ "$all" = "$(sort -nu "$followed")" ] || fail "Blocks of docs/deploy.md that nobody followed, by line: $(comm -23 <(sort <<<"$all") <(sort -u "$followed") | tr '\n' ' ')"
say "passed: every command of docs/deploy.md was followed"
