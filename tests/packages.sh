# SPDX-License-Identifier: Apache-2.0
# packages.sh: sourced by scanner/quickstart.sh and tests/run.sh.
# need PACKAGE...: installs what is missing with apt-get, as root or through sudo.

need() {
	missing=
	for package in "$@"; do
		dpkg-query -W -f='${db:Status-Abbrev}' "$package" 2>/dev/null | grep -q '^ii' ||
			missing="$missing $package"
	done
	[ -n "$missing" ] || return 0
	if ! command -v apt-get >/dev/null; then
		echo "these Debian packages are needed and this system has no apt-get:$missing" >&2
		return 1
	fi
	as_root=
	if [ "$(id -u)" -ne 0 ]; then
		command -v sudo >/dev/null || {
			echo "run this as root, or install:$missing" >&2
			return 1
		}
		as_root=sudo
	fi
	echo "installing:$missing"
	log=$(mktemp)
	if ! { $as_root apt-get update &&
		$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y \
			--no-install-recommends $missing; } >"$log" 2>&1; then
		tail -n 20 "$log" >&2
		rm -f "$log"
		echo "apt-get could not install:$missing" >&2
		return 1
	fi
	rm -f "$log"
}

# What the program itself is built from and runs with.
build_packages="gcc libc6-dev cmake ninja-build pkg-config libuv1-dev libcjson-dev libssl-dev
	libkrb5-dev libc-ares-dev libldap-dev libseccomp-dev"
