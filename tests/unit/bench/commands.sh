#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: bench/compare.sh judges nothing when a commit does not build, and bench/run.sh keeps what
# both layouts found.
# Method: the scripts themselves in a small tree, whose program is a script and needs no compiler.
# Cannot show: a measurement.
set -u
cd "$(dirname "$0")/../../.."
for tool in cmake ninja git; do
  command -v $tool >/dev/null || {
    echo "commands: not asked: there is no $tool"
    exit 0
  }
done
broken=0
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
tree=$here/tree
mkdir -p "$tree/cmake" "$tree/bench/ring" "$here/tools"
cp bench/*.sh bench/*.awk "$tree/bench"
cp cmake/need.sh "$tree/cmake"
export LFQ_NO_INSTALL=1
unset $(git rev-parse --local-env-vars) # a hook's repository is not the one to commit to

# A program that says what it was built for: of two layouts, 1 and 2 million a second.
cat >"$tree/bench/ring/a_1t_rate.cpp" <<'END'
#!/bin/sh
while [ $# -gt 0 ]; do
  case $1 in
    --list) echo ring/a/l/spin && exit ;;
    --csv) csv=$2 ;;
  esac
  shift
done
rate=1
case $0 in *-second/*) rate=2 ;; esac
echo "ring/a,l,spin,$rate,$rate,$rate,M/s" >>"$csv"
END
cat >"$tree/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.20)
project(tree NONE)
set(program bench/ring/a_1t_rate)
configure_file(${program}.cpp ${program} COPYONLY FILE_PERMISSIONS OWNER_READ OWNER_EXECUTE)
add_custom_target(bench_a_1t_rate)
END
cat >"$tree/CMakePresets.json" <<'END'
{
  "version": 3,
  "configurePresets": [
    { "name": "bench", "generator": "Ninja", "binaryDir": "${sourceDir}/build/bench" }
  ]
}
END
# What draws a picture makes its file.
cat >"$here/tools/gnuplot" <<'END'
#!/bin/sh
sed -n 's/^set output "\(.*\)"/\1/p' | while read -r picture; do : >"$picture"; done
END
chmod +x "$here/tools/gnuplot"

commit() {
  git -C "$tree" add . &&
    git -C "$tree" -c user.name=l -c user.email=l@example.org \
      -c commit.gpgSign=false commit -q -m "$1" &&
    git -C "$tree" rev-parse --short HEAD
}

# found EXPECTED ACTUAL OF: both the same.
found() {
  [ "$1" = "$2" ] || {
    printf '%s: expected:\n%s\nfound:\n%s\n' "$3" "$1" "$2"
    broken=1
  }
}

git -C "$tree" init -q
echo /build/ >"$tree/.gitignore"
builds=$(commit builds)
echo '# says the same' >>"$tree/CMakeLists.txt"
builds_too=$(commit 'builds too')
said=$("$tree/bench/compare.sh" "$builds" "$builds_too" --pairs 6 2>&1)
found 0 $? "two commits that build: $said"
found 'ring/a l (spin): 1.000 x [1.000, 1.000] of 6 pairs: no difference shown' \
  "$(printf '%s\n' "$said" | tail -n 1)" 'two commits that build'

# The one that does not build is named, whichever it is, though a program of before is there.
echo 'message(FATAL_ERROR "not this one")' >>"$tree/CMakeLists.txt"
breaks=$(commit breaks)
git -C "$tree" worktree add -q --detach "build/compare/$breaks" "$breaks"
cp -R "$tree/build/compare/$builds/build" "$tree/build/compare/$breaks/build"
rm "$tree/build/compare/$breaks/build/bench/CMakeCache.txt" # it names its folder
for pair in "$builds $breaks" "$breaks $builds"; do
  said=$("$tree/bench/compare.sh" $pair 2>&1)
  found 1 $? "$pair: $said"
  found "bench/compare.sh: $breaks does not build (build/compare/$breaks.log)" \
    "$(printf '%s\n' "$said" | tail -n 1)" "$pair"
done

git -C "$tree" reset -q --hard "$builds"
said=$(PATH=$here/tools:$PATH "$tree/bench/run.sh" --layouts --csv "$here/r.csv" \
  --json "$here/r.json" --plot "$here/drawn" 2>&1)
found 0 $? "both layouts: $said"
row='{"question": "ring/a", "subject": "l", "metric": "spin", "median"'
found 'ring/a,l,spin,1,1,1,M/s' "$(cat "$here/r.csv")" r.csv
found 'ring/a,l,spin,2,2,2,M/s' "$(cat "$here/r.second.csv")" r.second.csv
found 1 "$(grep -c "$row: 1," "$here/r.json")" r.json
found 1 "$(grep -c "$row: 2," "$here/r.second.json")" r.second.json
found 'ring_a.svg second second/ring_a.svg' \
  "$(cd "$here/drawn" && echo * second/*)" 'what was drawn'

[ $broken = 1 ] || echo "commands: as promised"
exit $broken
