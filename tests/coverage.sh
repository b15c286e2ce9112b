#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# coverage.sh [ISLAND...]: how many lines of rpc/, report/ and scanner/ the unit tests of
# the same island run.  Builds them with gcc's --coverage in build-coverage-unit, runs the
# tests of tests/ISLAND, and prints a line an island and a line for each file below 90 %.
# Fails when an island is below 90 %.  Lines that only another island's tests run, or the
# fuzz targets (tests/fuzz/coverage.sh), do not count.
#
# LSASWEEP_COVERAGE_BUILD=DIR builds elsewhere.  `gcov -o DIR/CMakeFiles/ISLAND.dir/FOLDER
# FILE.c.gcda` writes FILE.c.gcov, which shows the lines missed.
set -eu
cd "$(dirname "$0")/.."
. tests/packages.sh
least=90
build=${LSASWEEP_COVERAGE_BUILD:-build-coverage-unit}
islands=${*:-rpc report scanner}

need $build_packages libcmocka-dev
cmake -S . -B "$build" -G Ninja -DLSASWEEP_TESTS=ON -DCMAKE_BUILD_TYPE=Coverage \
	-DCMAKE_C_FLAGS="--coverage -O0" ${LSASWEEP_CMAKE:-} >/dev/null

# tests_of ISLAND: the names of its unit tests.
tests_of() {
	for source in "tests/$1"/test_*.c; do
		basename "$source" .c
	done
}

# measure ISLAND: "ISLAND FILE LINES COVERED", a line a source.
measure() {
	find "$build/CMakeFiles/$1.dir" -name '*.gcda' -delete
	cmake --build "$build" --target $(tests_of "$1") >"$build/$1.log" || {
		tail -n 30 "$build/$1.log" >&2
		return 1
	}
	ctest --test-dir "$build" -j 2 --timeout 120 --output-on-failure \
		-R "^($(tests_of "$1" | paste -sd '|'))\$" >"$build/$1.log" || {
		tail -n 60 "$build/$1.log" >&2
		return 1
	}
	find "$build/CMakeFiles/$1.dir" -name '*.gcno' -path "*/$1.dir/$1/*" |
		xargs gcov --no-output 2>/dev/null |
		awk -v island="$1" '
			/^File/ { split($0, part, "\047"); file = part[2] }
			/^Lines executed:/ && match(file, "(^|/)" island "/[a-z]+/[^/]*[.]c$") {
				file = substr(file, RSTART + (substr(file, RSTART, 1) == "/"))
				split($2, share, "[:%]")
				lines = $NF
				print island, file, lines, int(lines * share[2] / 100 + 0.5)
				file = ""
			}'
}

for island in $islands; do
	measure "$island"
done >"$build/lines.txt"
awk -v least=$least -v islands="$islands" '
	{
		lines[$1] += $3
		covered[$1] += $4
		if (100 * $4 < least * $3)
			low[$1] = low[$1] sprintf("  %5.1f %%  %4d lines missed  %s\n",
				100 * $4 / $3, $3 - $4, $2)
	}
	END {
		count = split(islands, name, " ")
		for (i = 1; i <= count; i++) {
			island = name[i]
			share = lines[island] ? 100 * covered[island] / lines[island] : 0
			printf "%-8s %5d lines, %5d covered by tests/%s: %.1f %%, at least %d %% due\n",
				island, lines[island], covered[island], island, share, least
			printf "%s", low[island]
			if (share < least)
				failed = 1
		}
		exit failed
	}' "$build/lines.txt"
