#!/bin/sh
# Kills a batch over 500 pictures with SIGKILL at random moments, lets the last run end, and counts
# the rows that are lost, doubled or torn.
#   kill_test.sh KILLS [SEED] -- COMMAND…    COMMAND is run with "OUTPUT FOLDER" appended
#   kill_test.sh 300 -- sh -c './beholder caption "$2" -o "$1" --quiet' caption    (the real one)
# PICTURES names a folder to take the pictures from; otherwise 500 small files are made.
set -eu
kills=$1; shift
seed=1
if [ "$1" != -- ]; then seed=$1; shift; fi
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
folder=${PICTURES:-}
if [ -z "$folder" ]; then
  folder=$work/in
  mkdir "$folder"
  i=100
  while [ $i -lt 600 ]; do echo "picture $i" >"$folder/$i.jpg"; i=$((i + 1)); done
fi
wanted=$(find "$folder" -maxdepth 1 -name '*.jpg' | wc -l)

# Moments from 0 to LONGEST milliseconds (default 100), the same for the same seed.
moments=$(awk -v n="$kills" -v seed="$seed" -v longest="${LONGEST:-100}" \
  'BEGIN { srand(seed); for (i = 0; i < n; i++) printf "%.3f\n", rand() * longest / 1000 }')
finished=0
killed=0
for moment in $moments; do
  "$@" "$work/out.jsonl" "$folder" </dev/null 2>>"$work/log" &
  child=$!
  sleep "$moment"
  if kill -9 "$child" 2>/dev/null; then killed=$((killed + 1)); fi
  if wait "$child" 2>/dev/null; then
    # Ended by itself: begin again, so that the next kills find work.
    finished=$((finished + 1))
    rm -f "$work/out.jsonl" "$work/out.jsonl.journal"
  fi
done
"$@" "$work/out.jsonl" "$folder" </dev/null || { echo "the last run failed"; exit 1; }

rows=$(wc -l <"$work/out.jsonl")
different=$(sed 's/^{"image":"\([^"]*\)".*/\1/' "$work/out.jsonl" | sort -u | wc -l)
torn=$(grep -cv '^{.*"caption":.*}$' "$work/out.jsonl" || true)
# Rows that a run after a kill did once more although they were there.
twice=$(sed -n 's/^[0-9a-f]* {"index":\([0-9]*\),.*/\1/p' "$work/out.jsonl.journal" | sort | uniq -d | wc -l)
echo "$killed kills, $finished runs that ended before theirs; of $wanted rows $((wanted - different)) lost," \
  "$((rows - different)) doubled, $torn torn, $twice done twice"
[ "$different" -eq "$wanted" ] && [ "$rows" -eq "$wanted" ] && [ "$torn" -eq 0 ] && [ "$twice" -eq 0 ]
