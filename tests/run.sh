#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh: the README's test command.  Installs the test packages, builds with gcc and
# clang and sanitizers, runs every test, and ends with one line of counts.
#
#   sh tests/run.sh            everything, under 25 minutes on two cores
#   sh tests/run.sh PART...    only these parts (their names are printed)
#
# LSASWEEP_TEST_DIR=DIR keeps builds and logs in DIR (default: a temporary folder).
# LSASWEEP_FUZZ_SECONDS=N fuzzes each target for N seconds (default 2).
set -u
cd "$(dirname "$0")/.." || exit 2
top=$PWD
. tests/packages.sh

need $build_packages gss-ntlmssp clang clang-format clang-tidy cppcheck libcmocka-dev xxd git \
	python3 python3-jsonschema python3-impacket iproute2 \
	samba samba-ad-dc samba-ad-provision samba-dsdb-modules samba-vfs-modules winbind \
	smbclient sssd-ad sssd-tools libpam-sss python3-samba python3-markdown python3-dnspython \
	krb5-user krb5-config \
	krb5-kdc krb5-admin-server ldap-utils libsasl2-modules-gssapi-mit openssl \
	attr acl cmark-gfm tshark tcpdump chromium chromium-driver util-linux procps man-db groff \
	prometheus prometheus-node-exporter mmdebstrap lintian bash zsh fish shellcheck slurm-wlm munge || exit 2

work=${LSASWEEP_TEST_DIR:-}
if [ -z "$work" ]; then
	work=$(mktemp -d /tmp/lsasweep-test.XXXXXX)
	trap 'end_rows; rm -rf "$work"' EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM
fi
mkdir -p "$work"
wanted=" $* "
rows= # process ids of the rows of parts that run beside the others

end_rows() {
	for row in $rows; do
		pkill -TERM -P "$row"
	done
}

passed=0
failed=0

# part NAME COMMAND...: runs one part with its output in a log; counts the tests inside.
part() {
	name=$1
	shift
	case "$wanted" in
	"  " | *" $name "*) ;;
	*) return ;;
	esac
	log=$work/$name.log
	start=$(date +%s)
	"$@" >"$log" 2>&1 </dev/null
	status=$?
	took=$(($(date +%s) - start))
	# What ctest and unittest say they ran; a part without such a line counts as one.
	bad=$(sed -n 's/.* \([0-9][0-9]*\) tests\{0,1\} failed out of [0-9]*.*/\1/p' "$log" |
		awk '{ n += $1 } END { print n + 0 }')
	all=$(sed -n -e 's/.* tests\{0,1\} failed out of \([0-9]*\).*/\1/p' \
		-e 's/^Ran \([0-9]*\) tests\{0,1\} in .*/\1/p' "$log" |
		awk '{ n += $1 } END { print n + 0 }')
	bad=$((bad + $(sed -n 's/^FAILED (\(.*\))$/\1/p' "$log" | tr ',' '\n' |
		sed -n 's/^ *\(failures\|errors\)=\([0-9]*\)$/\2/p' |
		awk '{ n += $1 } END { print n + 0 }')))
	[ "$all" -gt 0 ] || all=1
	if [ $status -eq 0 ]; then
		passed=$((passed + all))
		printf 'ok      %-22s %4d tests %4ds\n' "$name" "$all" "$took"
		return
	fi
	[ "$bad" -gt 0 ] || bad=1
	[ "$bad" -le "$all" ] || all=$bad
	passed=$((passed + all - bad))
	failed=$((failed + bad))
	printf 'FAILED  %-22s %4d of %d tests %4ds; from its output:\n' \
		"$name" "$bad" "$all" "$took"
	{ grep -aE 'FAILED|ERROR|error:|Error|FAIL:|Sanitizer|assert' "$log" | head -n 60
	  echo "..."
	  tail -n 30 "$log"; } | sed 's/^/        /'
}

configure() {
	dir=$1
	shift
	cmake -S "$top" -B "$dir" -G Ninja -DLSASWEEP_TESTS=ON -DLSASWEEP_WERROR=ON "$@"
}

unit_tests() {
	ctest --test-dir "$1" -j 2 --output-on-failure --timeout 120
}

gcc_asan() {
	configure "$work/gcc" -DCMAKE_C_COMPILER=gcc -DLSASWEEP_SANITIZE=address,undefined &&
		cmake --build "$work/gcc" && unit_tests "$work/gcc"
}

# One build for the unit tests and the fuzz targets.
build_clang() {
	configure "$work/clang" -DCMAKE_C_COMPILER=clang -DLSASWEEP_FUZZ=ON \
		-DLSASWEEP_SANITIZE=address,undefined && cmake --build "$work/clang"
}

clang_asan() {
	build_clang && unit_tests "$work/clang"
}

format() {
	git ls-files '*.c' '*.h' | xargs clang-format --dry-run -Werror
}

fuzz() {
	{ [ -x "$work/clang/tests/fuzz/fuzz_sid" ] || build_clang; } &&
		sh tests/fuzz/run.sh "$work/clang" "${LSASWEEP_FUZZ_SECONDS:-2}"
}

release() {
	configure "$work/release" -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX=/usr && cmake --build "$work/release"
}

tsan() {
	configure "$work/tsan" -DCMAKE_C_COMPILER=clang -DLSASWEEP_SANITIZE=thread &&
		cmake --build "$work/tsan" --target lsasweep lsasweep-lab test_host test_workers \
			test_journal test_auth_gss &&
		sh tests/tsan.sh "$work/tsan"
}

# tests/sweep/test_faults.py is the part sweep-faults.
part_of() {
	echo "$1" | sed 's|^tests/\(.*\)/test_\(.*\)\.py$|\1-\2|'
}

# with_program BUILD TEST: a Python test that drives the program and the lab of a build.
with_program() {
	ASAN_OPTIONS=fast_unwind_on_malloc=0 \
		LSAN_OPTIONS=suppressions=$top/tests/lsan.supp:print_suppressions=0 \
		LSASWEEP=$1/lsasweep LSASWEEP_LAB=$1/tests/lab/lsasweep-lab LSASWEEP_BUILD=$1 \
		/usr/bin/python3 -B "$2"
}

# python_parts TEST...: a part each.  Sanitized programs, but for the reports, whose memory
# is measured, the secrets, of which a sanitizer keeps copies, the sandbox, of which a leak
# checker needs parts, and what starts some hundred processes, which would take minutes.
python_parts() {
	for test in "$@"; do
		case $test in
		tests/report/* | */test_secrets.py | */test_sandbox.py | */test_cli.py | \
			*/test_kdc.py | */test_planted.py | */test_threats.py | \
			*/test_hostile.py | \
			*/test_shards.py | */test_slurm.py | */test_ldap_faults.py) build=$work/release ;;
		*) build=$work/gcc ;;
		esac
		part "$(part_of "$test")" with_program "$build" "$test"
	done
}

# row NAME COMMAND...: runs parts beside the others; end_of tells what they said.
row() {
	row=$1
	shift
	(
		passed=0
		failed=0
		"$@"
		echo "$passed $failed" >"$work/$row.counts"
	) >"$work/$row.out" 2>&1 &
	rows="$rows $!"
	eval "row_$row=$!"
}

end_of() {
	eval "pid=\$row_$1"
	wait "$pid"
	rows=$(echo "$rows" | sed "s/ $pid\>//")
	cat "$work/$1.out"
	more=0
	bad=1
	[ ! -f "$work/$1.counts" ] || read -r more bad <"$work/$1.counts"
	passed=$((passed + more))
	failed=$((failed + bad))
}

# Samba's tests wait more than they work, and have a network of their own.
samba_row() {
	python_parts tests/samba/test_*.py
	part debian-13 sh tests/packaging/trixie.sh "$work"
}

# They wait for hosts of the simulated domain that are silent.
sweep_row() {
	python_parts tests/lab/test_*.py tests/sweep/test_*.py
}

part layers sh tests/layers.sh
part layers-breaches sh tests/layers_breaches.sh
part format format
part gcc-asan gcc_asan
part release release
row samba samba_row
row sweep sweep_row
part clang-asan clang_asan
part tsan tsan
part scarce env LSASWEEP_SCARCE_EVERY=1 "$work/release/tests/scarce/test_scarce_commands"
part static sh tests/static.sh "$work/release"
part deb sh tests/packaging/deb.sh "$work/release"
python_parts tests/report/test_*.py
end_of sweep
part fuzz fuzz
end_of samba

echo
echo "lsasweep: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
