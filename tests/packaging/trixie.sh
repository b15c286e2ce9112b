#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# trixie.sh WORK: builds the program on Debian 13 with warnings as errors, and runs there
# the tests of what depends on the version of a library (c-ares).  The system is made in
# WORK from Debian's packages, and goes again.  Without mmdebstrap, root or the network the
# check is skipped, and says so.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/packages.sh
work=$1
root=$work/trixie
mirror=${LSASWEEP_DEBIAN_MIRROR:-http://deb.debian.org/debian}

skip() {
	echo "skipped: $1"
	exit 0
}

[ "$(id -u)" -eq 0 ] || skip "a Debian 13 system can be made by root alone"
command -v mmdebstrap >/dev/null || skip "mmdebstrap is not installed"
mkdir -p "$work"
trap 'rm -rf "$root"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
include=$(echo $build_packages libcmocka-dev | tr ' ' ',')
nice mmdebstrap --quiet --variant=apt --include="$include" trixie "$root" "$mirror" ||
	skip "Debian 13's packages cannot be had here"

mkdir "$root/source"
git ls-files -z --cached --others --exclude-standard |
	tar --create --null --files-from=- --ignore-failed-read | tar --extract -C "$root/source"
nice chroot "$root" sh -ec '
	cmake -S /source -B /build -G Ninja -DCMAKE_BUILD_TYPE=Release \
		-DLSASWEEP_TESTS=ON -DLSASWEEP_WERROR=ON
	cmake --build /build --target lsasweep test_resolve test_resolve_service
	ctest --test-dir /build --output-on-failure --timeout 120 -R "^test_resolve"
	/build/lsasweep --version'
