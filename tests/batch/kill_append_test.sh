#!/bin/sh
# Kills a batch that appends to 200 texts with SIGKILL at random moments, lets the last run end, and
# counts the texts that lack the caption, have it twice, or lost what stood there before.
#   kill_append_test.sh KILLS COMMAND…    COMMAND is run with "OUTPUT FOLDER" appended
set -eu
kills=$1; shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
folder=$work/in
mkdir "$folder"
i=100
while [ $i -lt 300 ]; do
  echo "picture $i" >"$folder/$i.jpg"
  echo "by hand $i" >"$folder/$i.txt"
  i=$((i + 1))
done
for moment in $(awk -v n="$kills" 'BEGIN { srand(3); for (i = 0; i < n; i++) printf "%.3f\n", 0.01 + rand() * 0.15 }'); do
  "$@" "$work/out" "$folder" </dev/null 2>>"$work/log" &
  child=$!
  sleep "$moment"
  kill -9 "$child" 2>/dev/null || true
  wait "$child" 2>/dev/null || true
done
"$@" "$work/out" "$folder" </dev/null || { echo "the last run failed"; exit 1; }
wrong=0
i=100
while [ $i -lt 300 ]; do
  printf 'by hand %s\n<picture %s\n>\n' $i $i | cmp -s - "$folder/$i.txt" || wrong=$((wrong + 1))
  i=$((i + 1))
done
echo "$kills kills; of 200 texts $wrong are not what stood there and the caption once"
[ $wrong -eq 0 ]
