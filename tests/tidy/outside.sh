#!/bin/sh
# SPDX-License-Identifier: MIT
# Promise: nothing here refers to anything outside the tree: no path above its root, none of
# somebody's machine, no number of a tracker.
. tests/support/promise.sh

look() {
  find . \( -name .git -o -name build -o -path ./tests/tidy/planted \) -prune -o -type f -print |
    sort | xargs grep -nIE -e '(^|[^a-zA-Z0-9_.])/(work|home|Users)/[a-z]' \
    -e '[^a-z]issues? #?[0-9]' -e '[^A-Za-z]#[0-9]+([^0-9a-f:;,.+x]|$)' |
    sed 's/^\.\///; s/^\([^:]*:[0-9]*\):.*/\1: refers to something outside the tree/' |
    grep -v '^tests/tidy/outside\.sh:'
}

prove
