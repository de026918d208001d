#!/bin/sh
# Installs to a folder of its own, moves that folder, and uses what lies there then: the program with its
# model, a C program (pkg-config) and a C++ program (find_package). Then runs the README's own lines.
#   install_test.sh SOURCE_DIR BUILD_DIR
set -eu
source=$1 build=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export OMP_WAIT_POLICY=passive
unset BEHOLDER_MODEL LD_LIBRARY_PATH PKG_CONFIG_PATH CMAKE_PREFIX_PATH || true
fail() { echo "install_test: $*" >&2; exit 1; }
# `cmake --install` leaves a list in the build folder, which is another installation's there.
list=$build/install_manifest.txt
[ ! -f "$list" ] || cp "$list" "$work/list"
install_to() { # PREFIX [DESTDIR]
  DESTDIR=${2:-} cmake --install "$build" --prefix "$1" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
  if [ -f "$work/list" ]; then cp "$work/list" "$list"; else rm -f "$list"; fi
}

install_to "$work/first place/usr"
mv "$work/first place" "$work/moved"
usr=$work/moved/usr
grep -rIl "first place" "$usr" && fail "these files name the place that they were installed to"
libdir=$(dirname "$(find "$usr" -name libbeholder.so)")
model=$usr/share/beholder/models/beholder
picture=$source/samples/coffee.jpg question="what is on the table?"
[ "$(PKG_CONFIG_PATH="$libdir/pkgconfig" pkg-config --modversion beholder)" = \
  "$("$usr/bin/beholder" --version | cut -d ' ' -f 2)" ] || fail "versions differ"

# shellcheck disable=SC2046  # the flags are words on purpose
cc -std=c11 -Wall -Wextra -Werror -pedantic "$source/samples/hello.c" -o "$work/hello_c" \
  $(PKG_CONFIG_PATH="$libdir/pkgconfig" pkg-config --cflags --libs beholder)
cmake -S "$source/tests/install/consumer" -B "$work/consumer" -DSOURCE="$source/samples/hello.cpp" \
  -DCMAKE_PREFIX_PATH="$usr" -DCMAKE_CXX_FLAGS="-Wall -Wextra -Werror -pedantic" >"$work/log" 2>&1 &&
  cmake --build "$work/consumer" >>"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
for one in "$work/hello_c" "$work/consumer/consumer"; do
  used=$(realpath "$(ldd "$one" | sed -n 's/.*libbeholder.* => \(.*\) (0x.*/\1/p')")
  [ "$(dirname "$used")" = "$(realpath "$libdir")" ] || fail "$one does not run with the installed library"
done

c=$("$work/hello_c" "$model" "$picture" "$question")
cpp=$("$work/consumer/consumer" "$model" "$picture" "$question" | head -n 1)
# From elsewhere, for it must find the model beside itself, not below the current folder.
program=$(cd / && "$usr/bin/beholder" ask "$picture" "$question")
echo "C: $c; C++: $cpp; program: $program"
[ -n "$c" ] && [ "$c" = "$cpp" ] || fail "C and C++ do not say the same"
case "$program" in "${c%% (*}"*) ;; *) fail "the program says something else" ;; esac
found=$(cd / && "$usr/bin/beholder" doctor --json --threads 1 | sed 's/.*"path":"\([^"]*\)".*/\1/')
[ "$found" = "$model" ] || fail "the installed program takes the model $found"
! "$work/hello_c" "$model" "$work/none.jpg" "what?" 2>"$work/error" || exit 1
grep -q "none.jpg" "$work/error"

# A packager's staging folder, and what uninstalling leaves of it.
install_to /usr "$work/stage"
[ -x "$work/stage/usr/bin/beholder" ] && [ ! -e "$work/stage$work" ] || fail "DESTDIR is not heeded"
(cd "$work/stage" && find usr ! -type d) | sed 's|^|/|' >"$work/installed.txt"
sh "$source/tools/uninstall.sh" "$work/installed.txt" "$work/stage" 2>"$work/log"
[ -z "$(find "$work/stage" ! -type d)" ] || fail "uninstalling leaves files"
[ ! -e "$work/stage/usr/share/beholder" ] || fail "uninstalling leaves folders of its own"

# The README's own lines, in a folder that looks like the source's root after `make`.
mkdir -p "$work/readme/build" "$work/home"
for name in samples models; do ln -s "$source/$name" "$work/readme/$name"; done
ln -s "$build" "$work/readme/build/release"
sed -n '/^## As a library/,/^## /p' "$source/README.md" | sed -n '/^```sh$/,/^```$/p' | sed '/^```/d' >"$work/readme.sh"
[ "$(grep -c . "$work/readme.sh")" -ge 4 ] || fail "the README's lines were not found"
said=$(cd "$work/readme" && HOME=$work/home sh -eu "$work/readme.sh") || { echo "$said"; exit 1; }
if [ -f "$work/list" ]; then cp "$work/list" "$list"; else rm -f "$list"; fi
case "$said" in *"${c%% (*}"*) ;; *) fail "the README's lines say: $said" ;; esac
