#!/bin/sh
# Installs the Debian packages that the build needs and that are missing; silent when none is.
#   tools/install_dependencies.sh            everything for the program and the libraries
#   tools/install_dependencies.sh --python   what the Python module and its tests need, too
#   tools/install_dependencies.sh --bench    the benchmark library too
set -eu

# libheif-dev brings libheif1 and with it the codecs of HEIC (libde265) and AVIF (libdav1d, libaom).
packages="g++ cmake ninja-build ccache pkg-config
  libtorch-dev libdnnl-dev libopenblas0-openmp libopencv-dev
  libheif-dev libwebp-dev libtiff-dev libjpeg62-turbo-dev libjxl-dev libopenjp2-7-dev liblcms2-dev
  libstb-dev libxxhash-dev libsqlite3-dev
  libcli11-dev libedit-dev nlohmann-json3-dev libutf8proc-dev zlib1g-dev wordnet-base libgtest-dev"

for option; do
  case $option in
    --python) packages="$packages python3-dev python3-venv python3-setuptools python3-wheel pybind11-dev
      python3-pil python3-numpy" ;;
    --bench) packages="$packages libbenchmark-dev" ;;
    *) echo "usage: $0 [--python] [--bench]" >&2; exit 2 ;;
  esac
done

say() { printf '%s\n' "$*" >&2; }

if ! command -v dpkg-query >/dev/null 2>&1 || ! command -v apt-get >/dev/null 2>&1; then
  say "install_dependencies: this system has no apt-get, so nothing was installed. Install yourself:"
  say "  a C++17 compiler, CMake 3.22 or newer, Ninja, pkg-config, and the headers of libtorch 1.13"
  say "  or newer, oneDNN 2.6 or newer, OpenBLAS (OpenMP), OpenCV 4, libheif, libwebp, libtiff 4.5,"
  say "  libjpeg-turbo, libjxl, OpenJPEG 2.5, Little CMS 2, stb, CLI11, libedit, nlohmann-json, utf8proc, xxHash,"
  say "  SQLite, zlib, GoogleTest and the WordNet 3.0 database."
  say "Then run make with INSTALL=no, for example: make demo INSTALL=no"
  exit 1
fi

# shellcheck disable=SC2086  # the list is words on purpose
installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' $packages 2>/dev/null || true)
missing=
for package in $packages; do
  case "
$installed
" in
    *"
installed $package
"*) ;;
    *) missing="$missing $package" ;;
  esac
done

# Libtorch takes whatever BLAS is selected, and the reference one is some hundred times too slow.
# Prints "name path" of what to select when the reference one is selected though OpenBLAS is there.
openblas_to_select() {
  for file in /var/lib/dpkg/alternatives/libblas.so.3*; do
    [ -f "$file" ] || continue
    name=${file##*/}
    update-alternatives --query "$name" 2>/dev/null | awk -v name="$name" '
      $1 == "Value:" { selected = $2 }
      $1 == "Alternative:" && $2 ~ /openblas-openmp/ { wanted = $2 }
      END { if (selected ~ /\/blas\/libblas\.so\.3$/ && wanted != "") print name, wanted }'
  done
}

blas=$(openblas_to_select)
[ -n "$missing" ] || [ -n "$blas" ] || exit 0

# How to become root, found out before anything is said to happen.
if [ "$(id -u)" = 0 ]; then
  as_root="env" how="as root"
elif command -v sudo >/dev/null 2>&1 && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
  as_root="sudo env" how="with sudo"
else
  say "install_dependencies: packages are missing, and neither root nor sudo is at hand. As root, run:"
  [ -z "$missing" ] || say "  apt-get update && apt-get install --no-install-recommends$missing"
  [ -z "$blas" ] || say "  update-alternatives --set $blas"
  exit 1
fi

if [ -n "$missing" ]; then
  say "Installing $how with apt-get:$missing"
  # Old lists name versions that the mirror has dropped.
  if [ -z "$(find /var/lib/apt/lists -maxdepth 1 -name '*_Packages*' -mtime -1 2>/dev/null | head -n 1)" ]; then
    $as_root DEBIAN_FRONTEND=noninteractive apt-get update -q >&2
  fi
  # shellcheck disable=SC2086
  if ! $as_root DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
      -o DPkg::Lock::Timeout=120 $missing >&2; then
    say "install_dependencies: apt-get could not install:$missing"
    say "The names are Debian 12's. See apt-get's message above; run 'apt-get update' as root if the"
    say "lists are old. With the libraries installed in another way: make demo INSTALL=no"
    exit 1
  fi
  blas=$(openblas_to_select)
fi

if [ -n "$blas" ]; then
  say "Selecting OpenBLAS $how, in place of the reference BLAS"
  # shellcheck disable=SC2086  # two words: the name of the alternative and its path
  $as_root update-alternatives --set $blas >&2
fi
