#!/bin/sh
# SPDX-License-Identifier: MIT
# Draws a CSV of bench/run.sh: one SVG a question; rows of 1, 2, 4 … producers become lines.
#
# usage: bench/plot.sh FILE.csv DIRECTORY
#
# Without gnuplot (Debian: gnuplot-nox) it says so and draws nothing.
set -eu
if [ $# != 2 ] || [ ! -r "$1" ]; then
  echo "bench/plot.sh: needs a CSV that can be read and a directory" >&2
  exit 64
fi
if ! command -v gnuplot >/dev/null; then
  echo "not drawn: gnuplot is not installed (Debian: gnuplot-nox)"
  exit 0
fi
here=$(dirname "$0")
mkdir -p "$2"
awk -v into="$2" -f "$here/csv.awk" -f "$here/plot.awk" "$1" | gnuplot
echo "drawn in $2: $(find "$2" -maxdepth 1 -name '*.svg' | wc -l) questions"
