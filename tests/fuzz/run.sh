#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh BUILD SECONDS | run.sh BUILD --runs N: fuzz every target of a libFuzzer build,
# from its committed corpus, for SECONDS or for N executions each, on all cores.  Says a
# line a target: executions, executions a second, findings.  Fails when any target
# crashes, leaks or hangs; then the input that did it is printed as a corpus line.
# LSASWEEP_FUZZ_ONLY="TARGET..." limits it to these; LSASWEEP_FUZZ_KEEP=FOLDER keeps what
# inputs it found there, and begins from those of the last time.
set -u
build=$1
shift
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
keep=${LSASWEEP_FUZZ_KEEP:-$scratch/keep}
cores=$(nproc)
if [ "$1" = --runs ]; then
	limit=-runs=$((($2 + cores - 1) / cores))
	parts=$(seq "$cores")
else
	limit=-max_total_time=$1
	parts=1
fi
# Short stacks of allocations: unwinding them took a third of the time.  replay.sh shows
# a finding with whole ones.
export ASAN_OPTIONS="malloc_context_size=2${ASAN_OPTIONS:+:$ASAN_OPTIONS}"
export LSAN_OPTIONS="suppressions=$here/../lsan.supp:print_suppressions=0"
export build here scratch keep limit

# Twice what the largest seed has: more bytes only make each execution slower.
longest_input() {
	largest=$(wc -c "$1"/* | awk '$2 != "total" && $1 > n { n = $1 } END { print n + 0 }')
	[ "$largest" -gt 128 ] || largest=128
	[ "$largest" -lt 2048 ] || largest=2048
	echo $((largest * 2))
}

prepare() {
	mkdir -p "$scratch/$1" "$keep/$1"
	sh "$here/unhex.sh" "$here/corpus/$1.hex" "$scratch/$1/seeds" || return 1
	longest_input "$scratch/$1/seeds" >"$scratch/$1/longest"
}

# NAME PART: parts of one target share what they find.
fuzz_part='
name=$1
dir=$scratch/$name
"$build/tests/fuzz/$name" "$limit" -max_len="$(cat "$dir/longest")" -timeout=10 \
	-rss_limit_mb=2048 -verbosity=0 -print_final_stats=1 -reload=1 \
	-artifact_prefix="$dir/crash-" "$keep/$name" "$dir/seeds" >"$dir/log.$2" 2>&1 ||
	touch "$dir/failed.$2"
'

sum_of() {
	cat "$scratch/$2"/log.* | sed -n "s/^stat::$1: *//p" |
		awk '{ sum += $1 } END { print sum + 0 }'
}

# False: something was found.
tell() {
	dir=$scratch/$1
	findings=$(ls "$dir" | grep -c '^failed\.')
	verdict=ok
	[ "$findings" -eq 0 ] || verdict=FAILED
	rate=$(sum_of average_exec_per_sec "$1")
	[ "$rate" -gt 0 ] || rate=-
	printf '%-6s %-20s %10s executions %8s/s  findings: %s\n' "$verdict" "$1" \
		"$(sum_of number_of_executed_units "$1")" "$rate" "$findings"
	[ "$findings" -gt 0 ] || return 0
	for failed in "$dir"/failed.*; do
		tail -n 40 "$dir/log.${failed##*.}"
	done
	for crash in "$dir"/crash-*; do
		[ -e "$crash" ] && echo "$(basename "$crash") $(xxd -p "$crash" | tr -d '\n')"
	done
	return 1
}

names=
for target in "$build"/tests/fuzz/fuzz_*; do
	name=$(basename "$target")
	[ -f "$target" ] && [ -x "$target" ] || continue
	case " ${LSASWEEP_FUZZ_ONLY:-$name} " in
	*" $name "*) names="$names $name" ;;
	esac
done
[ -n "$names" ] || {
	echo "run.sh: no such target in $build" >&2
	exit 1
}
for name in $names; do
	prepare "$name" || exit 1
	for part in $parts; do
		echo "$name $part"
	done
done | xargs -P "$cores" -L 1 sh -c "$fuzz_part" fuzz_part
status=0
for name in $names; do
	tell "$name" || status=1
done
exit $status
