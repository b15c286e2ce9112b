#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#SBATCH --job-name=lsasweep
#SBATCH --ntasks=1
# slurm-sweep.sh: one sweep as a Slurm array, a shard a task.
#
#   sbatch --array=0-7 slurm-sweep.sh TARGETS OUT [ARGUMENT...]
#
# TARGETS is a target list; OUT a folder that all nodes share, whose file system has POSIX
# locks between nodes: by them one task proves the credential for all.  ARGUMENTs go to
# "lsasweep scan": the credential (--keytab and --principal, or -A) and all else.  The
# journals are in OUT/JOB, JOB being the number that sbatch prints.  A task that is requeued
# goes on with its journal.  When the array has ended:
#
#   lsasweep report -o html=domain.html OUT/JOB/*.ndjson
#
# LSASWEEP names the program when it is not in PATH.
set -eu
umask 077
if [ $# -lt 2 ]; then
	echo "usage: sbatch --array=0-7 slurm-sweep.sh TARGETS OUT [ARGUMENT...]" >&2
	exit 2
fi
targets=$1
folder=$2/${SLURM_ARRAY_JOB_ID:?is not set: run this by sbatch --array=0-7}
shift 2
if [ "$SLURM_ARRAY_TASK_MIN" -ne 0 ] ||
	[ "$SLURM_ARRAY_TASK_COUNT" -ne $((SLURM_ARRAY_TASK_MAX + 1)) ]; then
	echo "slurm-sweep.sh: tasks $SLURM_ARRAY_TASK_MIN to $SLURM_ARRAY_TASK_MAX, of which" \
		"there are $SLURM_ARRAY_TASK_COUNT: expected all from 0, as --array=0-7" >&2
	exit 2
fi
mkdir -p "$folder"
exec "${LSASWEEP:-lsasweep}" scan -q --shard "auto/$SLURM_ARRAY_TASK_COUNT" -iL "$targets" \
	--resume "$folder/$SLURM_ARRAY_TASK_ID.ndjson" "$@"
