#!/bin/sh
# Runs same_masks on packed samples:  samples.sh PROGRAM SAMPLES.jsonl.gz [OPTION VALUE]...
set -eu
program=$1
samples=$2
shift 2
gzip -dc "$samples" | "$program" --schemas - "$@"
