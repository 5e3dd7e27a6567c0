#!/bin/sh
# SPDX-License-Identifier: MIT
# Promise: lfq defines macros in base/config.hpp, base/assert.hpp and version.hpp only, all of them
# LFQ_...; what asks for a platform or a compiler, intrinsics and inline assembly stand in base/ and
# sys/ only. Examples, tests and benchmarks may define what another library asks for.
. tests/support/promise.sh

look() {
  awk '
    function bad(what) { print FILENAME ":" FNR ": " what }
    { code = " " $0; sub(/\/\/.*$/, "", code) }
    /^ *# *define/ {
      if (FILENAME !~ /lfq\/(base\/(config|assert)|version)\.hpp$/) bad("a macro")
      else if ($3 !~ /^LFQ_/ && $2 !~ /^LFQ_/) bad("a macro that is not called LFQ_...")
    }
    FILENAME ~ /lfq\/(base|sys)\// { next }
    /^ *# *(if|ifdef|ifndef|elif)/ { bad("a question to the preprocessor") }
    code ~ /[^a-z_](asm|__asm__)[^a-z_]|[^a-z_]_mm[0-9]*_|__builtin_/ {
      bad("assembly, an intrinsic or a builtin")
    }' $(cpp_files include) /dev/null
}

prove
