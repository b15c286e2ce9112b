#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deb.sh BUILD: makes the Debian package of a build configured with the prefix /usr, asks
# lintian, and looks at what is inside.
set -eu
cd "$(dirname "$0")/../.."
top=$PWD
build=$1
work=$(mktemp -d /tmp/lsasweep-deb.XXXXXX)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
version=$(sed -n 's/^project(lsasweep VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)

fail() {
	echo "error: $1" >&2
	exit 1
}

(cd "$build" && umask 022 && cpack -B "$work") >"$work/log" 2>&1 || {
	cat "$work/log" >&2
	exit 1
}
deb=$work/lsasweep_$version-1_$(dpkg --print-architecture).deb
[ -f "$deb" ] || fail "no package $deb"
lintian --tag-display-limit 0 --fail-on error,warning --allow-root "$deb"
dpkg-deb -x "$deb" "$work/root"
dpkg-deb -e "$deb" "$work/control"
cd "$work/root"

# What a user finds.
doc=usr/share/doc/lsasweep
for file in usr/bin/lsasweep usr/share/man/man1/lsasweep.1.gz etc/lsasweep/sweep.env \
	usr/share/bash-completion/completions/lsasweep usr/share/zsh/vendor-completions/_lsasweep \
	usr/share/fish/vendor_completions.d/lsasweep.fish usr/libexec/lsasweep/sweep-today \
	$doc/README.md $doc/targets.example $doc/changelog.gz $doc/changelog.Debian.gz \
	$doc/copyright usr/share/lsasweep/schemas/report.schema.json \
	usr/share/lsasweep/baselines/cis.json; do
	[ -s "$file" ] || fail "$file is not in the package"
done
unit=$(find . -name lsasweep.service)
[ -n "$unit" ] && [ -f "${unit%service}timer" ] || fail "the units are not in the package"

# One version everywhere; the changelogs say the same.
[ "$(usr/bin/lsasweep --version)" = "lsasweep $version" ] || fail "--version"
zcat usr/share/man/man1/lsasweep.1.gz | grep -q "^\.TH LSASWEEP 1 .*lsasweep $version" ||
	fail "the man page is of another version"
zcat $doc/changelog.Debian.gz >"$work/changelog"
[ "$(dpkg-parsechangelog -l "$work/changelog" -S Version)" = "$version-1" ] ||
	fail "the changelog is of another version"
zcat $doc/changelog.gz | cmp - "$top/scanner/packaging/CHANGELOG.md"
for words in "^Version: $version-1$" "^Depends: .*libuv1" "^Maintainer: .* <.*@.*>$"; do
	grep -q "$words" "$work/control/control" || fail "no $words in control"
done

# The settings survive an upgrade, and the service reads them.
grep -qx /etc/lsasweep/sweep.env "$work/control/conffiles" || fail "conffiles"
grep -q '^EnvironmentFile=-/etc/lsasweep/sweep.env$' "$unit" || fail "$unit"
started=$(sed -n 's/^ExecStart=//p' "$unit")
[ -x ".$started" ] || fail "the service starts $started, which is not in the package"
grep -qx 'program=/usr/bin/lsasweep' ".$started" || fail "$started does not start lsasweep"
for name in $(sed -n 's/^#\{0,1\}\(LSASWEEP_[A-Z]*\)=.*/\1/p' etc/lsasweep/sweep.env); do
	grep -q "\${$name\|\$$name" ".$started" || fail "$started does not read $name"
done
echo "the package is whole"
