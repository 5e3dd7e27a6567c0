#!/bin/sh
# SPDX-License-Identifier: MIT
# Promise: the root holds the folders, the README, and what tools find only there; what git ignores
# does not count.
. tests/support/promise.sh

look() {
  for entry in *; do
    case $entry in
      CMakeLists.txt | include | examples | tests | bench | cmake | docs | README.md) ;;
      CMakePresets.json | conanfile.py | LICENSE) ;;
      build | vcpkg_installed | CMakeUserPresets.json) ;; # as in .gitignore
      *) echo "$entry: does not belong into the root" ;;
    esac
  done
}

prove
