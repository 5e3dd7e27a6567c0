#!/bin/sh
# SPDX-License-Identifier: MIT
# Promise: a header of lfq opens as all of them do: SPDX line, `// lfq/<room>/<file>.hpp — what it
# is.`, its room, #pragma once; includes in three groups, lfq, std, OS, each in alphabetical order;
# one namespace, lfq::inline LFQ_ABI, and nothing behind its end but macros in base/assert.hpp.
. tests/support/promise.sh

look() {
  awk '
    function bad(what) { print FILENAME ":" FNR ": " what }
    function finish() {
      if (file != "" && file !~ /version\.hpp$|lfq\/lfq\.hpp$|base\/config\.hpp$/) {
        if (!namespaces) print file ": nothing in namespace lfq::inline LFQ_ABI"
        else if (open) print file ": its namespace has no end, or one without its name behind it"
      }
    }
    FNR == 1 {
      finish()
      file = FILENAME; last = ""; blank = 1
      namespaces = open = closed = group = 0
      path = FILENAME
      sub(/^include\//, "", path)
    }
    FNR == 2 && (index($0, "// " path " — ") != 1 || $0 !~ /\.$/)  {
      bad("the second line must be: // " path " — what it is, in one sentence.")
    }
    FNR == (path == "lfq/version.hpp" ? 3 : 4) && $0 != "#pragma once" {
      bad("#pragma once belongs here")
    }
    /^ *# *if/ { group = 0; last = "" } # what is included on a condition begins anew
    match($0, /^ *# *include *<[^>]*>/) {
      what = $0
      sub(/^[^<]*</, "", what)
      sub(/>.*$/, "", what)
      kind = what ~ /^lfq\// ? 1 : what !~ /[.\/]/ ? 2 : 3
      if (kind < group) bad("the groups of includes are: lfq, std, OS")
      if (kind > group && group != 0 && !blank) bad("a blank line parts the groups of includes")
      if (kind == group && what < last) bad("<" what "> comes before <" last ">")
      group = kind
      last = what
    }
    /^namespace lfq/ {
      namespaces++
      if ($0 !~ /^namespace lfq::inline LFQ_ABI(::[a-z]+)? \{$/)
        bad("the namespace is lfq::inline LFQ_ABI")
      open = 1
    }
    /^}  \/\/ namespace lfq::inline LFQ_ABI/ { open = 0; closed = 1; next }
    closed && !open && !/^ *$/ && FILENAME !~ /base\/assert\.hpp$/ {
      bad("something behind the end of the namespace")
      closed = 0
    }
    { blank = /^ *$/ }
    END { finish() }' $(cpp_files include) /dev/null
}

prove
