#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# soak.sh MINUTES [TARGET...] | soak.sh --runs N [TARGET...]: the long fuzz run.  Builds
# the libFuzzer targets (clang, ASan, UBSan) in build-fuzz and fuzzes each of them, or
# only the named ones, for MINUTES or for N executions, on all cores.  What was found
# interesting stays in build-fuzz/corpus, so the next run goes on from there.
set -eu
cd "$(dirname "$0")/../.."
usage="usage: sh tests/fuzz/soak.sh MINUTES|--runs N [TARGET...]"
minutes=${1:?$usage}
shift
if [ "$minutes" = --runs ]; then
	limit="--runs ${1:?$usage}"
	shift
else
	limit=$((minutes * 60))
fi
build=${LSASWEEP_FUZZ_BUILD:-build-fuzz}
cmake -S . -B "$build" -G Ninja -DLSASWEEP_TESTS=ON -DCMAKE_C_COMPILER=clang \
	-DLSASWEEP_FUZZ=ON -DLSASWEEP_SANITIZE=address,undefined >/dev/null
cmake --build "$build" --target fuzz_all
export LSASWEEP_FUZZ_ONLY="$*" LSASWEEP_FUZZ_KEEP="$build/corpus"
exec sh tests/fuzz/run.sh "$build" $limit
