#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# tsan.sh BUILD: the program's threads (workers prove credentials, the loop does the rest)
# under ThreadSanitizer.  BUILD was built with LSASWEEP_SANITIZE=thread.  Nothing is
# suppressed; what the libraries do inside is not instrumented, and not judged here.
set -u
build=$1
hosts=300
work=$(mktemp -d /tmp/lsasweep-tsan.XXXXXX)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
export TSAN_OPTIONS="halt_on_error=1 exitcode=66"
status=0

for test in test_workers test_host test_journal test_auth_gss; do
	"$build/tests/$test" >"$work/log" 2>&1 && continue
	echo "tsan: $test failed:"
	cat "$work/log"
	status=1
done

# The domain ends with its standard input, which this shell holds open.
mkfifo "$work/open"
"$build/tests/lab/lsasweep-lab" --port 0 \
	--mix hang@negotiate=2,reset@setup2=2,fin@enum=2 --hosts $hosts \
	--targets "$work/targets" <"$work/open" >"$work/lab" 2>&1 &
lab=$!
exec 3>"$work/open"
for _ in $(seq 100); do
	grep -q '^ready' "$work/lab" && break
	sleep 0.1
done

LSASWEEP_PASSWORD=Lab-Passw0rd timeout 120 "$build/lsasweep" scan -U auditor \
	-r all -c 64 --timeout 2s --host-timeout 10s --retries 1 -iL "$work/targets" \
	--journal "$work/journal" -o "html=$work/html" --fail-on none 3>&- >"$work/log" 2>&1
swept=$?
exec 3>&-
wait $lab
played=$?

records=$(grep -c "lsasweep.facts" "$work/journal")
answered=$(grep -c '"outcome":"answered"' "$work/journal")
echo "tsan: scan ended with $swept, the domain with $played;" \
	"$answered of $records hosts answered"
if [ $swept -ne 0 ] || [ $played -ne 0 ] || [ "$records" -ne $hosts ] ||
	[ "$answered" -lt $((hosts * 9 / 10)) ]; then
	cat "$work/log" "$work/lab"
	status=1
fi
exit $status
