#!/bin/sh
# What the shared library shows and does: public names alone, no printing, no ending the process.
#   symbols_test.sh LIBRARY SOURCE_DIR
set -eu
library=$1 source=$2
shown=$(nm -DC --defined-only "$library" | cut -c20-)
odd=$(printf '%s\n' "$shown" | grep -vE \
  '^beholder_[a-z0-9_]+$|^beholder::(Engine|Picture|PreparedPicture|DecodedPicture|Error)::|^beholder::(error_code_name|set_log_callback)|^(vtable|typeinfo|typeinfo name) for beholder::Error$' || true)
[ -z "$odd" ] || { echo "exported though not public:"; printf '%s\n' "$odd" | head -n 20; exit 1; }
# Every function of the C header is there.
for name in $(grep -oE 'beholder_[a-z_0-9]+\(' "$source/include/beholder/beholder.h" | tr -d '(' | sort -u); do
  printf '%s\n' "$shown" | grep -qx "$name" || { echo "$name is declared and not exported"; exit 1; }
done
! grep -nE '#include *[<"](torch|ATen|c10|opencv|nlohmann)' "$source"/include/beholder/* || exit 1
readelf -d "$library" | grep -q 'SONAME.*libbeholder\.so\.' || { echo "no SONAME"; exit 1; }
# Its own code calls nothing that prints or ends the process (abort and exit come with no library of
# ours; assertions are off). libtorch may, behind its own functions.
calls=$(nm -D --undefined-only "$library" | awk '{print $2}' | sed 's/@.*//' |
  grep -xE 'printf|vprintf|fprintf|vfprintf|puts|fputs|putchar|putc|fputc|perror|exit|_exit|quick_exit|_ZSt4cout|_ZSt4cerr|_ZSt4clog|__printf_chk|__fprintf_chk' || true)
[ -z "$calls" ] || { echo "the library can print or exit:"; echo "$calls"; exit 1; }
echo "$(printf '%s\n' "$shown" | wc -l) public symbols"
