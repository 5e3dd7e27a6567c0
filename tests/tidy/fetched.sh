#!/bin/sh
# SPDX-License-Identifier: MIT
# Promise: lfq, examples and benchmarks do not ask g++ for what it compiles wrongly (11 to 14,
# x86-64; docs/design/dead_ends.md): where the answer of an atomic operation and its operand
# share a register, the operand is gone before it is used. So the answer of fetch_or, fetch_and and
# fetch_xor is used only where the operand is a constant, named …_bit or …_mark; and no answer is
# combined with its operand on the spot, nor put in its place. pool_home.hpp may: the sum goes to a
# maximum, which never meets the operand.
. tests/support/promise.sh

look() {
  awk '
    function bad(what) { print FILENAME ":" FNR ": " what }
    function look_at(statement, at, before, rest, operand, first) {
      at = match(statement, /fetch_(add|sub|or|and|xor)\(/)
      if (!at) return
      before = substr(statement, 1, at - 1)
      rest = substr(statement, at + RLENGTH)
      first = substr(statement, at, RLENGTH - 1)
      operand = rest
      sub(/,.*$/, "", operand)
      sub(/^[^,]*,[^)]*\)/, "", rest)
      if (operand ~ /^(~?[a-z_:]*_(bit|mark)|~?[0-9]+[uU]?)$/) return
      if (first ~ /or|and/ &&
          (before ~ /(return|[^=!<>]=[^=])/ || gsub(/\(/, "(", before) != gsub(/\)/, ")", before) ||
            rest !~ /^;?$/))
        bad("uses what " first " by a variable answers: " operand)
      if (operand !~ /^[a-z_.]+$/) return
      if (index(rest " ", " + " operand) == 1 || index(rest " ", " - " operand) == 1 ||
          match(rest, /^ [|&^] /) && index(rest, operand) == 4)
        bad("combines what " first " answers with its operand: " operand)
      if (match(before, "(^|[ ({])" operand " = "))
        bad("puts what " first " answers in the place of its operand: " operand)
    }
    FNR == 1 { statement = "" }
    {
      sub(/\/\/.*$/, "")
      gsub(/[ \t]+/, " ")
      sub(/^ /, "")
      statement = statement (statement == "" ? "" : " ") $0
      sub(/ $/, "", statement)
    }
    /[;{}] ?$/ { look_at(statement); statement = "" }
  ' $(cpp_files include examples bench | grep -v '^include/lfq/pool/pool_home\.hpp$') /dev/null
}

prove
