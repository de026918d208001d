#!/bin/sh
# Removes what `make install` wrote, and folders that are empty afterwards.
#   tools/uninstall.sh LIST [DESTDIR]
set -eu
list=$1 destination=${2:-}
[ -f "$list" ] || { echo "uninstall: $list is missing: \`make install\` has not run here, so what it wrote is not known" >&2; exit 1; }
# CMake's list has no line end behind its last file.
while IFS= read -r file || [ -n "$file" ]; do
  [ -z "$file" ] || rm -f -- "$destination$file"
done <"$list"
while IFS= read -r file || [ -n "$file" ]; do
  folder=$(dirname -- "$destination$file")
  while [ "${folder##*/beholder}" != "$folder" ] || [ "${folder#*/beholder/}" != "$folder" ]; do
    rmdir -- "$folder" 2>/dev/null || break
    folder=$(dirname -- "$folder")
  done
done <"$list"
rm -f -- "$list"
echo "uninstall: done" >&2
