#!/bin/sh
# SPDX-License-Identifier: MIT
# Promise: every atomic operation of lfq writes its order as std::memory_order_... and says why,
# behind it or in the comment above: `acquire NAME:` and `release NAME:` for an edge that the
# header's Edges table declares, with both ends in the header; `own:`, `hint` or `count` for
# relaxed; `total:` for seq_cst. base/env.hpp, the seam, only passes on.
. tests/support/promise.sh

look() {
  awk '
    function bad(line, what) { print file ":" line ": " what }

    # A statement, its comments behind it and the comment above, all on one line each.
    function check(line, code, why,    order, left, orders, n, cited) {
      if (code ~ /(\.|->)(load|store|fetch_[a-z]+|test|test_and_set)\(/ ||
          code ~ /(\.|->)(exchange|compare_exchange_[a-z]+)\(|[^a-z_]fence\(/) {
        if (code !~ /std::memory_order_/) bad(line, "an atomic operation without its order")
      }
      left = code
      while (match(left, /memory_order/)) {
        order = substr(left, RSTART + 12)
        if (substr(left, RSTART - 5, 5) != "std::" ||
            order !~ /^_(relaxed|acquire|release|acq_rel|seq_cst)[^a-z_]/)
          bad(line, "an order is written std::memory_order_..., in full, where it is used")
        sub(/^_/, "", order)
        sub(/[^a-z_].*$/, "", order)
        orders = orders " " order
        left = substr(left, RSTART + 12)
      }
      if (orders ~ / relaxed/ && why !~ /own:|hint:|count:|hint$|count$|(acquire|release) [a-z ]+:/)
        bad(line, "relaxed without own:, hint or count")
      if (orders ~ /seq_cst/ && why !~ /total:/) bad(line, "seq_cst without total:")
      if (orders ~ / (acquire|acq_rel)/ && why !~ /acquire [a-z ]+:/)
        bad(line, "acquire without the name of its edge")
      if (orders ~ / (release|acq_rel)/ && why !~ /release [a-z ]+:/)
        bad(line, "release without the name of its edge")
      if (orders == "") return
      if (why ~ /acquire [a-z ]+:/ && orders !~ / (acquire|acq_rel)/)
        bad(line, "says acquire, and is weaker")
      if (why ~ /release [a-z ]+:/ && orders !~ / (release|acq_rel)/)
        bad(line, "says release, and is weaker")
      if (why ~ /total:/ && orders !~ /seq_cst/) bad(line, "says total, and is weaker")
      while (match(why, /(acquire|release) [a-z ]+:/)) {
        cited = substr(why, RSTART, RLENGTH - 1)
        if (!(cited in ends)) ends[cited] = line
        why = substr(why, RSTART + RLENGTH)
      }
    }

    function finish(    name, end, line) {
      for (name in declared) {
        line = declared[name]
        if (!(("release " name) in ends)) bad(line, "the edge " name " has no release end")
        if (!(("acquire " name) in ends)) bad(line, "the edge " name " has no acquire end")
      }
      for (end in ends) {
        name = end
        sub(/^[a-z]+ /, "", name)
        if (!(name in declared))
          bad(ends[end], "the edge " name " is in no Edges table of this header")
      }
      delete declared
      delete ends
    }

    FNR == 1 { finish(); file = FILENAME; code = above = behind = ""; table = 0 }
    FILENAME ~ /base\/env\.hpp$/ { next }

    /^ *\/\/ Edges / { table = 1; next }
    table && !/^ *\/\// { table = 0 }
    table {
      if (match($0, /^ *\/\/   [a-z][a-z ]*[a-z]  +[^ ]/)) {
        name = $0
        sub(/^ *\/\/   /, "", name)
        sub(/  .*$/, "", name)
        declared[name] = FNR
      }
      next
    }

    /^ *\/\// && code == "" { text = $0; sub(/^ *\/\/+ ?/, "", text); above = above " " text; next }
    /^ *$/ { above = ""; next }
    /^ *#/ || /^ *(public|private|protected|case [^:]*|default): *$/ { next }
    {
      text = $0
      if (match(text, /[ \t]\/\/.*$/)) {
        behind = behind " " substr(text, RSTART + 3)
        text = substr(text, 1, RSTART - 1)
      }
      if (code == "") begun = FNR
      code = code " " text
      if (text ~ /[;{}] *$/) {
        check(begun, code " ", above behind)
        code = above = behind = ""
      }
    }
    END { finish() }' $(cpp_files include) /dev/null
}

prove
