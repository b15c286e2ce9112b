#!/bin/sh
# quickstart.sh: from a fresh Debian 12 machine to a swept domain in one command.
#
# Installs what is needed, builds lsasweep, starts the simulated domain on loopback,
# sweeps the hosts of targets.example, prints the report per role, and says where the
# HTML and JSON reports are.  Nothing leaves this machine.
set -eu
cd "$(dirname "$0")/.."
. tests/packages.sh

need $build_packages

echo "building"
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
