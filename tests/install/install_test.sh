#!/bin/sh
# Installs to a folder of its own and builds a C program (pkg-config) and a C++ program
# (find_package) against that copy alone, then runs both and the installed program.
#   install_test.sh SOURCE_DIR BUILD_DIR
set -eu
source=$1 build=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cmake --install "$build" --prefix "$work/usr" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
libdir=$(dirname "$(find "$work/usr" -name libbeholder.so)")
sed -i "s|^prefix=.*|prefix=$work/usr|" "$libdir/pkgconfig/beholder.pc"
export LD_LIBRARY_PATH="$libdir" PKG_CONFIG_PATH="$libdir/pkgconfig"
model=$work/usr/share/beholder/models/beholder
picture=$source/samples/coffee.jpg

# shellcheck disable=SC2046  # the flags are words on purpose
cc -std=c11 -Wall -Wextra -Werror -pedantic "$source/samples/hello.c" -o "$work/hello_c" \
  $(pkg-config --cflags --libs beholder)
cmake -S "$source/tests/install/consumer" -B "$work/consumer" -DSOURCE="$source/samples/hello.cpp" \
  -DCMAKE_PREFIX_PATH="$work/usr" -DCMAKE_CXX_FLAGS="-Wall -Wextra -Werror -pedantic" >"$work/log" 2>&1 &&
  cmake --build "$work/consumer" >>"$work/log" 2>&1 || { cat "$work/log"; exit 1; }

c=$("$work/hello_c" "$model" "$picture" "what is on the table?")
cpp=$("$work/consumer/consumer" "$model" "$picture" "what is on the table?" | head -n 1)
program=$("$work/usr/bin/beholder" ask "$picture" "what is on the table?")
echo "C: $c; C++: $cpp; program: $program"
[ -n "$c" ] && [ "$c" = "$cpp" ]
case "$program" in "${c%% (*}"*) ;; *) echo "the program says something else"; exit 1 ;; esac
! "$work/hello_c" "$model" "$work/none.jpg" "what?" 2>"$work/error" || exit 1
grep -q "none.jpg" "$work/error"
