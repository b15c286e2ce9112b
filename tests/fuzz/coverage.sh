#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# coverage.sh [SECONDS]: how many lines of rpc/ the fuzz targets reach.  Builds them with
# clang's source-based coverage in build-coverage, runs every committed seed (and what
# soak.sh kept in build-fuzz/corpus), fuzzes each target for SECONDS when given, and
# prints the lines of each file of rpc/ and their sum.  Fails below 90 %.
#
# Needs Debian's clang and llvm packages.  LSASWEEP_COVERAGE_BUILD=DIR builds elsewhere;
# `llvm-cov show` with the same arguments shows the lines missed.
set -eu
cd "$(dirname "$0")/../.."
least=90
seconds=${1:-0}
build=${LSASWEEP_COVERAGE_BUILD:-build-coverage}
for tool in clang llvm-profdata llvm-cov; do
	command -v $tool >/dev/null || {
		echo "coverage.sh: $tool is missing: install the packages clang and llvm" >&2
		exit 1
	}
done

cmake -S . -B "$build" -G Ninja -DLSASWEEP_TESTS=ON -DCMAKE_C_COMPILER=clang \
	-DLSASWEEP_FUZZ=ON ${LSASWEEP_CMAKE:-} \
	-DCMAKE_C_FLAGS="-O1 -fprofile-instr-generate -fcoverage-mapping" >/dev/null
cmake --build "$build" --target fuzz_all

kept=${LSASWEEP_FUZZ_BUILD:-build-fuzz}/corpus
mkdir -p "$build/corpus"
if [ "$seconds" -gt 0 ]; then
	LLVM_PROFILE_FILE=/dev/null LSASWEEP_FUZZ_KEEP=$build/corpus \
		sh tests/fuzz/run.sh "$build" "$seconds"
fi
rm -rf "$build/profiles" "$build/seeds"
mkdir -p "$build/profiles"
objects=
for source in tests/fuzz/fuzz_*.c; do
	name=$(basename "$source" .c)
	sh tests/fuzz/unhex.sh "tests/fuzz/corpus/$name.hex" "$build/seeds/$name"
	mkdir -p "$build/corpus/$name" "$kept/$name"
	LLVM_PROFILE_FILE=$build/profiles/$name.profraw "$build/tests/fuzz/$name" -runs=0 \
		-verbosity=0 -max_len=4096 "$build/seeds/$name" "$build/corpus/$name" \
		"$kept/$name" >"$build/profiles/$name.log" 2>&1 || {
		cat "$build/profiles/$name.log" >&2
		exit 1
	}
	objects="$objects -object $build/tests/fuzz/$name"
done
llvm-profdata merge -o "$build/all.profdata" "$build"/profiles/*.profraw
llvm-cov report -instr-profile="$build/all.profdata" ${objects#*-object } "$PWD/rpc" \
	>"$build/report.txt"
# Columns: regions, missed, share; functions, missed, share; lines, missed, share.
awk -v least=$least '
	NF >= 10 && $1 != "Filename" {
		printf "%-26s %5d lines  %5d missed  %7s\n", $1, $8, $9, $10
		if ($1 == "TOTAL")
			total = 100 * ($8 - $9) / $8
	}
	END {
		printf "rpc/: %.1f %% of lines reached by the fuzz targets, at least %d %% due\n", total, least
		exit total < least
	}' "$build/report.txt"
