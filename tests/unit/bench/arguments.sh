#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: a benchmark argument that does not exist is answered at once, with exit code 64 and a
# sentence that names it; what is made of a CSV afterwards is right.
# Method: the scripts themselves, up to where they would begin to build. Cannot show: a measurement.
set -u
cd "$(dirname "$0")/../../.."
broken=0

# refused WORD SCRIPT ARGUMENT...: the script refuses, and its sentence has the word.
refused() {
  word=$1
  shift
  said=$(LFQ_NO_INSTALL=1 "$@" 2>&1)
  code=$?
  if [ $code != 64 ] || ! printf '%s' "$said" | grep -qF -e "$word"; then
    echo "$*: exit code $code, expected 64 and '$word'. It said: $said"
    broken=1
  fi
}

refused --ful bench/run.sh --ful
refused throughput bench/run.sh throughput
refused --only bench/run.sh --only
refused --csv bench/run.sh --full --csv
refused --json bench/run.sh --json ''
refused --report bench/run.sh --report
refused /no/such/folder bench/run.sh --csv /no/such/folder/rates.csv
refused "'('" bench/run.sh --only '('
refused "'0'" bench/run.sh --rounds 0
refused "'many'" bench/run.sh --rounds many
for cpus in '' 1 1, ,1 0,1,2 a,b '1;2' '0,1 '; do
  refused "LFQ_BENCH_CPUS needs two cpus, as in 2,3, not '$cpus'" \
    env LFQ_BENCH_CPUS="$cpus" bench/run.sh --only spsc_1p1c_throughput
done
refused 'two commits' bench/compare.sh
refused 'two commits' bench/compare.sh HEAD
refused 'two commits' bench/compare.sh --native HEAD
refused 'a directory' bench/plot.sh
refused 'can be read' bench/plot.sh /no/such/file.csv pictures
if git rev-parse -q --verify HEAD~1 >/dev/null 2>&1; then
  refused no_such_commit bench/compare.sh HEAD no_such_commit
  refused 'both are' bench/compare.sh HEAD HEAD
  refused 'nonesuch fits no program' bench/compare.sh HEAD~1 HEAD --program nonesuch
  refused ring/spsc_1p1c_throughput bench/compare.sh HEAD~1 HEAD --program nonesuch
  refused "'('" bench/compare.sh HEAD~1 HEAD --program '('
  refused --ful bench/compare.sh HEAD HEAD --ful
  refused '6 or more' bench/compare.sh HEAD HEAD --pairs 3
  refused "'x'" bench/compare.sh HEAD HEAD --rounds x
  refused "'0'" bench/compare.sh HEAD HEAD --rounds 0
  refused "'('" bench/compare.sh HEAD~1 HEAD --only '('
fi

# said EXPECTED ACTUAL: both the same, where a ~ at the end of a line goes on in the next.
said() {
  set -- "$(printf '%s' "$1" | sed -e ':more' -e '/~$/{N;s/~\n *//;b more' -e '}')" "$2"
  if [ "$1" != "$2" ]; then
    printf 'expected:\n%s\nfound:\n%s\n' "$1" "$2"
    broken=1
  fi
}

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
head='question,subject,metric,median,low,high,unit'
printf '%s\nrun,machine,"a, ""b""",,,,\nring/q,"x, y",spin,2,1,3,M/s\n' "$head" >"$here/one.csv"
said '{
  "runs": [
    "a, \"b\""
  ],
  "rows": [
    {"question": "ring/q", "subject": "x, y", "metric": "spin", ~
      "median": 2, "low": 1, "high": 3, "unit": "M/s"}
  ]
}' "$(awk -f bench/csv.awk -f bench/json.awk "$here/one.csv")"

printf '%s\nring/q,l / p,spin ratio,2,1.5,3,x\nring/q,l / r,spin ratio,1,.5,2,x\n' "$head" \
  >"$here/first.csv"
printf '%s\nring/q,l / p,spin ratio,3,2,4,x\nring/q,l / r,spin ratio,3,2,4,x\n' "$head" \
  >"$here/second.csv"
said '  ring/q: l / p (spin ratio): 2.00 [1.50, 3.00] and 3.00 [2.00, 4.00]: in both above 1
  ring/q: l / r (spin ratio): 1.00 [0.50, 2.00] and 3.00 [2.00, 4.00]: ~
    NOT in both: around, above 1' \
  "$(awk -f bench/csv.awk -f bench/layouts.awk "$here/first.csv" "$here/second.csv")"

printf '%s\n' 'run,machine,09:00 UTC; a; b,,,,' 'run,machine,09:30 UTC; a; b,,,,' \
  floor,f,floor,5,4,6,ns 'ring/q,higher is better,quiet,9,9,9,rounds' \
  ring/q,l,spin,2,1,3,M/s 'ring/q,l / s,spin ratio,.8,.7,.9,x' \
  'ring/q,l / bare,spin floor ratio,.5,.4,.6,x' 'ring/q,l / s,"best peer, spin",.8,.7,.9,x' \
  'ring/q,l / m,"l against m, spin",.8,.7,.9,x' \
  'ring/t,lower is better,NOT QUIET,5,5,5,rounds' ring/t,l,mean,9,8,10,ns \
  'ring/t,l / s,mean ratio,1.2,1.1,1.3,x' 'ring/t,l / r,mean ratio,.8,.7,.9,x' >>"$here/first.csv"
said 'Runs in the first layout:

* 09:00 UTC to 09:30 UTC; a; b

Runs in the second layout:


## Floors

Of one program and another, the lowest and the highest median.

| floor | unit | first layout | second layout |
|---|---|---|---|
| f | ns | 5 to 5 | |

## ring/q

9 rounds, quiet.

| subject | median [lowest, highest] of | first layout | second layout |
|---|---|---|---|
| l | spin, M/s | 2 [1, 3] |  |

| lfq does … of it | median [95 %] of | first layout | second layout |
|---|---|---|---|
| l / p | spin | 2.00 × [1.50, 3.00] | 3.00 × [2.00, 4.00] |
| l / r | spin | 1.00 × [0.50, 2.00] | 3.00 × [2.00, 4.00] |
| l / s | spin | 0.80 × [0.70, 0.90] |  |
| l / bare | spin | 0.50 × [0.40, 0.60] |  |
| l / s | best peer, spin | 0.80 × [0.70, 0.90] |  |
| l / m | l against m, spin | 0.80 × [0.70, 0.90] |  |

## ring/t

5 rounds, NOT QUIET.

| subject | median [lowest, highest] of | first layout | second layout |
|---|---|---|---|
| l | mean, ns | 9 [8, 10] |  |

| lfq needs … of it | median [95 %] of | first layout | second layout |
|---|---|---|---|
| l / s | mean | 1.20 × [1.10, 1.30] |  |
| l / r | mean | 0.80 × [0.70, 0.90] |  |

## Where a peer is ahead

In one layout at least the whole interval is below 1, or above 1 where lower is better.
n. q.: not quiet. Rows of two of lfq'\''s own stand among them.

| question | lfq does … of it (or needs) | median [95 %] of | first layout | second layout |
|---|---|---|---|---|
| ring/q | l / s | spin | 0.80 × [0.70, 0.90] |  |
| ring/t, lower is better | l / s | mean | 1.20 × [1.10, 1.30], n. q. |  |' \
  "$(awk -f bench/csv.awk -f bench/tables.awk "$here/first.csv" "$here/second.csv")"

# Nine pairs: b is twice as fast in q, as fast in r, slower in s; the ninth pair was elsewhere.
for pair in 1 2 3 4 5 6 7 8 9; do
  far=100
  [ $pair != 9 ] || far=200
  printf 'q,two bare atomics,distance in these rounds,100,1,1,ns\nq,l,spin,10,1,1,M/s
r,l,spin,10,1,1,M/s\ns,l,mean,10,1,1,ns\n' >"$here/a.$pair.csv"
  printf 'q,two bare atomics,distance in these rounds,%s,1,1,ns\nq,l,spin,20,1,1,M/s
r,l,spin,%s,1,1,M/s\ns,l,mean,2%s,1,1,ns\n' $far $((6 + pair)) $pair >"$here/b.$pair.csv"
done
said 'q l (spin): 2.000 x [2.000, 2.000] of 8 pairs: BETTER
r l (spin): 1.100 x [0.800, 1.400] of 9 pairs: no difference shown
s l (mean): 2.500 x [2.200, 2.800] of 9 pairs: WORSE' \
  "$(awk -f bench/csv.awk -f bench/compare.awk "$here"/?.[1-9].csv)"

[ $broken = 1 ] || echo "arguments: all answered"
exit $broken
