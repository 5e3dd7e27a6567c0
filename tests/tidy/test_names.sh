#!/bin/sh
# SPDX-License-Identifier: MIT
# Promise: a test case is named by a sentence in snake_case, three words or more, that tells what
# holds; names are unique in their file; a file of tests opens with its goal, its method, and what
# it cannot show, and lies in the folder of its kind.
. tests/support/promise.sh

look() {
  awk '
    function bad(what) { print FILENAME ":" FNR ": " what }
    function finish() {
      if (file != "" && opening != "goal method cannot show")
        print file ":2: does not open with Goal, Method and Cannot show"
    }
    FNR == 1 {
      finish()
      file = FILENAME; opening = ""
      delete names
      kind = FILENAME
      sub(/\.cpp$/, "", kind)
      sub(/^.*\./, "", kind)
      if (FILENAME !~ "^tests/" kind "/[a-z]+/" && FILENAME !~ /^tests\/broker\//)
        bad("a test of kind " kind " does not lie in tests/" kind "/<room>/")
    }
    FNR <= 12 && /^\/\// {
      if (/(^\/\/| )Goal: /) opening = "goal"
      if (/(^\/\/| )Method: /) opening = opening " method"
      if (/(^\/\/| )Cannot show: /) opening = opening " cannot show"
    }
    /TEST_CASE(_METHOD)?\(/ { expected = 1 } # the name may stand in the next line
    expected && match($0, /"[^"]*"/) {
      expected = 0
      name = substr($0, RSTART + 1, RLENGTH - 2)
      if (name !~ /^[a-z][a-z0-9]*(_[a-z0-9]+)(_[a-z0-9]+)+$/)
        bad("\"" name "\" is no sentence in snake_case")
      if (name ~ /(^|_)(basic|works|test|misc)[0-9]*(_|$)/) bad("\"" name "\" tells nothing")
      if (name in names) bad("\"" name "\" is there twice")
      names[name] = 1
    }
    END { finish() }
  ' $(files '*.unit.cpp' tests) $(files '*.property.cpp' tests) $(files '*.stress.cpp' tests) \
    $(files '*.e2e.cpp' tests) /dev/null
}

prove
