#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# quickstart.sh: from a fresh Debian 12 or 13 machine to a report in one command.
#
# Installs what is needed, builds lsasweep, starts the simulated domain on loopback,
# sweeps the hosts of targets.example, prints the report per role, and says where the
# HTML and JSON reports are.  Nothing leaves this machine.
set -eu
cd "$(dirname "$0")/.."
. tests/packages.sh

need $build_packages

echo "building lsasweep and the simulated domain"
log=$(mktemp)
lab=
finish() {
	status=$?
	[ -z "$lab" ] || kill "$lab" 2>/dev/null || true
	rm -f "$log"
	exit $status
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
{ cmake -S . -B build -G Ninja -DCMAKE_BUILD_TYPE=Release -DLSASWEEP_LAB=ON &&
	cmake --build build; } >"$log" 2>&1 || { tail -n 40 "$log" >&2; exit 1; }

# The simulated domain: 38 Windows hosts of four roles on 127.0.0.0/8, until we end.
ready=$(mktemp)
build/tests/lab/lsasweep-lab --port 4455 --dns 4453 --exit-with-parent >"$ready" </dev/null &
lab=$!
tries=0
until grep -q '^ready' "$ready"; do
	tries=$((tries + 1))
	if [ $tries -gt 100 ] || ! kill -0 "$lab" 2>/dev/null; then
		rm -f "$ready"
		echo "the simulated domain did not start: is port 4455 taken?" >&2
		exit 1
	fi
	sleep 0.1
done
rm -f "$ready"

printf "%s\n" "sweeping targets.example as auditor"
mkdir -p build/report
status=0
rm -f build/report/sweep.ndjson
LSASWEEP_PASSWORD=Lab-Passw0rd build/lsasweep scan -U auditor -iL targets.example \
	--dns 127.0.0.1:4453 --connect-timeout 1s --timeout 3s \
	--journal build/report/sweep.ndjson -o text \
	-o html=build/report/report.html -o json=build/report/report.json || status=$?
case $status in
0 | 1 | 3 | 4) ;;
*) exit "$status" ;;
esac
echo
echo "HTML report: $PWD/build/report/report.html"
echo "JSON report: $PWD/build/report/report.json"
echo "journal:     $PWD/build/report/sweep.ndjson (lsasweep report assesses it again)"
exit 0
