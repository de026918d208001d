#!/bin/sh
# The shells' completions list every verb and option that the program has.
#   completions_test.sh SOURCE_DIR PROGRAM
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sh "$1/tools/make_completions.sh" "$2" "$work"
diff -r "$1/packaging/completions" "$work" ||
  { echo "out of date: run tools/make_completions.sh ./beholder packaging/completions"; exit 1; }
for verb in ask describe caption merge eval train calibrate model data doctor; do
  grep -q "^    $verb) words='[^']*--help" "$work/beholder.bash" || { echo "no options of $verb"; exit 1; }
done
bash -n "$work/beholder.bash"
