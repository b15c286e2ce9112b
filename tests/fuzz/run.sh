#!/bin/sh
# run.sh BUILD SECONDS: fuzz every target of a libFuzzer build for SECONDS each, from its
# committed corpus, two at a time.  Fails when any target crashes, leaks or hangs; then
# the input that did it is printed as a corpus line.
# LSASWEEP_FUZZ_ONLY="TARGET..." limits it to these.
set -u
build=$1
seconds=$2
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export here seconds scratch

fuzz_one() {
	target=$1
	name=$(basename "$target")
	dir=$scratch/$name
	mkdir -p "$dir/found"
	sh "$here/unhex.sh" "$here/corpus/$name.hex" "$dir/seeds" || return 1
	if "$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
		-verbosity=0 -print_final_stats=1 -artifact_prefix="$dir/crash-" \
		"$dir/found" "$dir/seeds" >"$dir/log" 2>&1; then
		echo "ok     $name: $(sed -n 's/^stat::number_of_executed_units: *//p' "$dir/log") executions"
		return 0
	fi
	echo "FAILED $name"
	tail -n 40 "$dir/log"
	for crash in "$dir"/crash-*; do
		[ -e "$crash" ] && echo "$(basename "$crash") $(xxd -p "$crash" | tr -d '\n')"
	done
	return 1
}

status=0
set --
for target in "$build"/tests/fuzz/fuzz_*; do
	[ -f "$target" ] && [ -x "$target" ] || continue
	case " ${LSASWEEP_FUZZ_ONLY:-$(basename "$target")} " in
	*" $(basename "$target") "*) set -- "$@" "$target" ;;
	esac
done
while [ $# -gt 0 ]; do
	other=
	if [ $# -gt 1 ]; then
		fuzz_one "$2" >"$scratch/second" 2>&1 &
		other=$!
	fi
	fuzz_one "$1" || status=1
	if [ -n "$other" ]; then
		wait $other || status=1
		cat "$scratch/second"
		shift
	fi
	shift
done
exit $status
