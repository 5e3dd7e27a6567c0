#!/bin/sh
# SPDX-License-Identifier: MIT
# Promise: the C++ of every page is compiled: a fenced block names its file in its first line, and
# the rest stands there word for word, at most further to the right. CMake and commands are text.
. tests/support/promise.sh

look() {
  awk '
    function bad(what) { print FILENAME ":" begun ": " what }

    # Whether the lines of the block stand in the file one behind the other, all indented alike.
    function stands_in(path,    n, i, j, line, text, indent, wanted) {
      n = 0
      while ((getline line < path) > 0) text[++n] = line
      close(path)
      if (n == 0) return 0
      for (i = 1; i + lines - 1 <= n; i++) {
        indent = index(text[i], block[1]) - 1
        if (indent < 0 || substr(text[i], 1, indent) !~ /^ *$/) continue
        for (j = 1; j <= lines; j++) {
          wanted = block[j] == "" ? "" : substr(text[i], 1, indent) block[j]
          if (text[i + j - 1] != wanted) break
        }
        if (j > lines) return 1
      }
      return 0
    }

    FNR == 1 { cpp = fenced = 0 }
    /^ *```/ {
      if (!fenced) {
        fenced = 1
        begun = FNR; lines = 0; path = ""
        cpp = /^ *```cpp *$/
        if (/^ *```(c\+\+|cxx|C\+\+|hpp|cc?) *$/) bad("the fence of C++ is ```cpp")
      } else {
        if (cpp && path !~ /cpp|hpp/) bad("a block of C++ names its file in its first line")
        else if (cpp && !stands_in(path)) bad("this does not stand in " path)
        fenced = cpp = 0
      }
      next
    }
    cpp && path == "" {
      if (match($0, /^\/\/ (docs\/snippets|examples)\/[a-z0-9_\/]+\.[ch]pp$/)) path = substr($0, 4)
      else path = "unknown"
      next
    }
    cpp { block[++lines] = $0 }
  ' $(files '*.md' README.md docs examples bench) /dev/null
}

prove
