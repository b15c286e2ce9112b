#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh: measures the program, its peers and the floor, and prints one table.
#
#   sh tests/bench/run.sh             everything, about a quarter of an hour on two cores
#   sh tests/bench/run.sh PART...     only these: right rights memory peers big faulty
#                                     first hostile delay directory
#   sh tests/bench/run.sh --against BINARY [PART...]
#                                     this program and an older one in turn, as a pair, and
#                                     how many times the CPU time of the older one this one
#                                     takes; with PART also that part
#
# Nothing else should run meanwhile.  Everything happens in a network namespace of its own,
# so that port 445 is free and a delay on its loopback delays nobody else.
# LSASWEEP_BENCH_DIR=DIR keeps the build and what was measured in DIR; HOSTS=N (10000)
# is how many hosts a run sweeps, ROUNDS=N (3) of how many runs the median is taken.
set -u
against=
if [ "${1:-}" = --against ]; then
	against=$(realpath -e "${2:?--against: expected a program}") || exit 2
	shift 2
	set -- pair "$@"
fi
cd "$(dirname "$0")/../.." || exit 2
. tests/packages.sh

need $build_packages libcmocka-dev python3 python3-samba python3-impacket iproute2 \
	ldap-utils libsasl2-modules-gssapi-mit krb5-kdc krb5-admin-server krb5-user util-linux || exit 2

work=${LSASWEEP_BENCH_DIR:-}
if [ -z "$work" ]; then
	work=$(mktemp -d /tmp/lsasweep-bench.XXXXXX)
	trap 'rm -rf "$work"' EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM
fi
mkdir -p "$work"
if ! { cmake -S . -B "$work/build" -G Ninja -DCMAKE_BUILD_TYPE=Release \
	-DLSASWEEP_TESTS=ON && cmake --build "$work/build" \
	--target lsasweep lsasweep-lab lsasweep-floor; } >"$work/build.log" 2>&1; then
	tail -n 30 "$work/build.log" >&2
	exit 2
fi

own_root=
[ "$(id -u)" -eq 0 ] || own_root=--map-root-user
LSASWEEP_BENCH_AGAINST=$against unshare $own_root --net sh -c 'ip link set lo up && exec /usr/bin/python3 "$@"' sh \
	tests/bench/bench.py "$work" "$@"
