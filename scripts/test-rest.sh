#!/usr/bin/env bash
# Drives the REST interface of the release binary by its own OpenAPI document: every operation, with good and bad input. A
# server error, an answer that the document does not know, or a body that does not fit its schema is a failure.
source "$(dirname "$0")/env.sh"
binary=${TERRACE_BINARY:-$PWD/target/release/terrace}
work=$(mktemp -d)
server=
finish() {
  [ -z "$server" ] || { kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; }
  rm -rf "$work"
}
trap finish EXIT

password=$(node -p 'crypto.randomBytes(18).toString("base64url")')
export TERRACE_DATA=$work/data
printf '%s\n' "$password" | "$binary" person add fuzzer --role operator --password-stdin
TERRACE_ADDR=127.0.0.1:0 "$binary" serve >"$work/printed" 2>"$work/log" &
server=$!
url=
for _ in $(seq 300); do
  url=$(sed -n 's/^Listening on \(http:[^ ]*\).*/\1/p' "$work/printed")
  [ -n "$url" ] && break
  kill -0 "$server" 2>/dev/null || fail "terrace serve ended at once: $(tail -n 1 "$work/log")"
  sleep 0.1
done
[ -n "$url" ] || fail "terrace serve did not listen within 30 s."

token=$(URL=$url PASSWORD=$password node --input-type=module -e '
  const { URL: url, PASSWORD: password } = process.env;
  const answer = await fetch(`${url}/api/v1/tokens`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ username: "fuzzer", password }),
  });
  if (answer.status !== 201) throw new Error(`POST /tokens: ${answer.status} ${await answer.text()}`);
  console.log((await answer.json()).token);')

# Not the operation that would end the token this run goes by.
ended=0
NO_COLOR=1 "$python/schemathesis" run "$url/api/v1/openapi.json" --header "Authorization: Bearer $token" \
  --checks not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance \
  --exclude-path-regex '/tokens/current$' --phases examples,coverage,fuzzing --max-examples "${TERRACE_FUZZ:-15}" --seed 20261 \
  --generation-database none --suppress-health-check all --continue-on-failure --request-timeout 20 --workers 2 \
  --report junit --report-junit-path "$work/junit.xml" || ended=$?

[ -s "$work/junit.xml" ] || fail "schemathesis ended with $ended and wrote no report."
total=$(grep -oE '<testsuites[^>]*' "$work/junit.xml" | grep -oE ' tests="[0-9]+"' | tr -dc 0-9)
bad=$(grep -oE '<testsuites[^>]*' "$work/junit.xml" | grep -oE ' (failures|errors)="[0-9]+"' | tr -dc '0-9\n' | paste -sd+ | sed 's/^$/0/')
bad=$((bad))
"$python/python3" - "$work/junit.xml" <<'END'
import sys, xml.etree.ElementTree as tree
for case in tree.parse(sys.argv[1]).iter("testcase"):
    if case.find("failure") is not None or case.find("error") is not None:
        print("REST failed:", case.get("name"))
END
say "REST: $((total - bad)) passed, $bad failed"
[ "$ended" = 0 ] && [ "$bad" = 0 ] && [ "$total" -gt 0 ]
