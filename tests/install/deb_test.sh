#!/bin/sh
# Installs the .deb with its dependencies into a fresh Debian root and uses it there: the program, the
# man page, the completions, and a C program compiled against the library. Needs root, debootstrap and
# a Debian mirror, so it is run by hand:
#   deb_test.sh PACKAGE.deb SOURCE_DIR [MIRROR]
set -eu
package=$(realpath "$1") source=$(realpath "$2") mirror=${3:-http://deb.debian.org/debian}
[ "$(id -u)" = 0 ] || { echo "deb_test: needs root" >&2; exit 1; }
root=$(mktemp -d)
trap 'umount "$root/proc" 2>/dev/null || true; rm -rf "$root"' EXIT
seconds() { date +%s; }
start=$(seconds)
debootstrap --variant=minbase bookworm "$root" "$mirror" >"$root.log" 2>&1 || { tail "$root.log"; exit 1; }
rm -f "$root.log"
mount -t proc proc "$root/proc" 2>/dev/null || echo "deb_test: no /proc in the root" >&2
# Names are found as the host finds them; apt's own user must be able to enter.
cp /etc/resolv.conf /etc/hosts "$root/etc/"
chmod 755 "$root"
cp "$package" "$root/tmp/beholder.deb"
mkdir -p "$root/tmp/samples"
cp "$source"/samples/*.jpg "$source/samples/hello.c" "$root/tmp/samples/"
echo "fresh root: $(($(seconds) - start)) s"

inside() { chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive sh -euc "$1"; }
start=$(seconds)
inside 'apt-get update -q >/dev/null; apt-get install -y -q --no-install-recommends /tmp/beholder.deb >/tmp/log 2>&1 || { tail -n 20 /tmp/log; exit 1; }'
echo "installed with $(inside 'dpkg -l | grep -c ^ii') packages in all: $(($(seconds) - start)) s"

inside 'cd /tmp/samples
beholder ask coffee.jpg "what is on the table?" "is there a cup?"
beholder describe "Café à la tasse.jpg" rocket.jpg
beholder caption . -o /tmp/out.jsonl --quiet
[ "$(wc -l </tmp/out.jsonl)" = "$(ls *.jpg | wc -l)" ]
code=0; beholder ask none.jpg "what?" 2>/tmp/error || code=$?
[ "$code" = 1 ] && grep -q none.jpg /tmp/error
beholder doctor | head -n 12
beholder model info | head -n 4'
for file in share/man/man1/beholder.1 share/bash-completion/completions/beholder \
    share/zsh/vendor-completions/_beholder share/fish/vendor_completions.d/beholder.fish \
    share/doc/beholder/LICENSE; do
  [ -e "$root/usr/$file" ] || { echo "deb_test: /usr/$file is missing"; exit 1; }
done
inside 'apt-get install -y -q --no-install-recommends gcc libc6-dev pkg-config man-db bash-completion >/tmp/log 2>&1 || { tail -n 20 /tmp/log; exit 1; }
# shellcheck disable=SC2046
gcc -std=c11 -Wall -Wextra -Werror /tmp/samples/hello.c -o /tmp/hello $(pkg-config --cflags --libs beholder)
/tmp/hello /usr/share/beholder/models/beholder /tmp/samples/coffee.jpg "is there a cup?"
man --where beholder
bash -c "source /usr/share/bash-completion/bash_completion; _completion_loader beholder; complete -p beholder"
apt-get purge -y -q beholder >/tmp/log 2>&1
! command -v beholder
[ ! -e /usr/share/beholder ] && [ ! -e /usr/share/doc/beholder ]'
echo "deb_test: passed"
