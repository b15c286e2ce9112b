#!/bin/sh
# soak.sh MINUTES [TARGET...]: the long fuzz run.  Builds the libFuzzer targets (clang,
# ASan, UBSan) in build-fuzz and fuzzes each of them, or only the named ones, for MINUTES.
set -eu
cd "$(dirname "$0")/../.."
minutes=${1:?usage: sh tests/fuzz/soak.sh MINUTES [TARGET...]}
shift
cmake -S . -B build-fuzz -G Ninja -DLSASWEEP_TESTS=ON -DCMAKE_C_COMPILER=clang \
	-DLSASWEEP_FUZZ=ON -DLSASWEEP_SANITIZE=address,undefined >/dev/null
cmake --build build-fuzz
LSASWEEP_FUZZ_ONLY="$*" exec sh tests/fuzz/run.sh build-fuzz $((minutes * 60))
