#!/bin/sh
# SPDX-License-Identifier: MIT
# Promise: every source file begins with its licence in one SPDX line (a script after its first),
# and carries no licence text.
. tests/support/promise.sh

look() {
  for file in $(cpp_files include examples tests bench docs) \
    $(files '*.sh' examples tests bench cmake) $(files '*.cmake' cmake tests bench) \
    $(files '*.py' conanfile.py examples tests bench) \
    $(files CMakeLists.txt CMakeLists.txt examples tests bench docs); do
    awk '
      FNR == 1 && /^#!/ { next }
      { found = /^(\/\/|#) SPDX-License-Identifier: MIT$/; exit }
      END { exit !found }' "$file" || echo "$file: does not begin with its SPDX line"
    ! grep -qE '^ *(//|#|\*) *Copyright|Permission is her[e]by granted' "$file" ||
      echo "$file: a licence text"
  done
}

prove
