#!/bin/sh
# What the README says, from a fresh clone: `make`, then `make install`. It builds everything anew, which takes
# minutes even with ccache, so it is run by hand:
#   clone_test.sh SOURCE_DIR
set -eu
source=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
git clone -q "$source" "$work/clone"
# With a model that is kept elsewhere than in git, the working copy's.
[ -f "$work/clone/models/beholder/model.safetensors" ] ||
  cp "$source/models/beholder/"*.safetensors "$work/clone/models/beholder/"
cd "$work/clone"
make INSTALL=no
cmake --install build/release --prefix "$work/by cmake" >/dev/null
make install INSTALL=no PREFIX="$work/by make" >/dev/null
diff -r "$work/by cmake" "$work/by make"
(cd / && "$work/by make/bin/beholder" ask "$work/clone/samples/cat.jpg" "is this a cat?")
make uninstall
[ -z "$(find "$work/by make" ! -type d)" ]
sh tests/install/install_test.sh "$work/clone" "$work/clone/build/release"
echo "clone_test: passed"
