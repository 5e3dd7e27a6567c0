#!/bin/sh
# SPDX-License-Identifier: MIT
# Promise: docs/design/memory_model.md tells of every named edge of lfq and of no other: under a
# heading with the header's name, a row or item of its own that begins with the edge's name in bold.
. tests/support/promise.sh

declared() {
  awk '
    FNR == 1 { table = 0; header = FILENAME; sub(/^.*\//, "", header); sub(/\.hpp$/, "", header) }
    /^ *\/\/ Edges / { table = 1; next }
    !/^ *\/\// { table = 0 }
    table && /^ *\/\/   [a-z][a-z ]*[a-z]  +[^ ]/ {
      sub(/^ *\/\/   /, "")
      sub(/  .*$/, "")
      print header " " $0
    }' $(cpp_files include) /dev/null | sort
}

told() {
  awk '
    /^#/ { header = $0; sub(/^[^`]*`/, "", header); sub(/`.*$/, "", header) }
    /^(- |\| *)\*\*[a-z ]+\*\*/ {
      sub(/^[^*]*\*\*/, "")
      sub(/\*\*.*$/, "")
      print header " " $0
    }' docs/design/memory_model.md | sort
}

look() {
  { declared; echo --; told; } | awk '
    /^--$/ { page = 1; next }
    !page { known[$0] = 1; next }
    { seen[$0] = 1 }
    END {
      page = "docs/design/memory_model.md: "
      for (edge in known) if (!(edge in seen)) print page "does not tell of the edge: " edge
      for (edge in seen) if (!(edge in known)) print page "tells of an unknown edge: " edge
    }'
}

prove
