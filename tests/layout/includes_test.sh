#!/bin/sh
# Enforces which way includes may point (docs/architecture.md) and that the library neither prints
# nor ends the process.
#   tests/layout/includes_test.sh <root of the source tree>
set -eu
cd "${1:?usage: includes_test.sh <root of the source tree>}"

# Sources with a newline in their name do not exist here; blanks may.
sources=$(find src include cli python \( -name '*.cpp' -o -name '*.hpp' -o -name '*.h' -o -name '*.inc' \) | sort)
[ -n "$sources" ] || { echo "no source found under $PWD" >&2; exit 1; }

printf '%s\n' "$sources" | awk '
  # Every folder may include itself, core and the public headers.
  BEGIN {
    may["core"] = ""
    may["io"] = ""
    may["program"] = "text"
    may["json"] = ""
    may["batch"] = "json"
    may["capi"] = ""
    may["generation"] = "text io"
    may["nn"] = "io"
    may["vision"] = "nn io"
    may["text"] = "nn"
    may["fusion"] = "text nn"
    may["scene"] = "vision text fusion generation program io nn"
    may["models"] = "scene vision text fusion generation program io nn"
    may["engine"] = "models vision generation nn"
    may["convert"] = "models io nn"
    may["data"] = "text"
    may["world"] = "text program vision"
    may["train"] = "engine models scene vision text fusion generation program io nn data eval"
    may["eval"] = "engine models scene vision text fusion generation program io nn data"
    may["tool verb"] = "engine models convert scene vision text fusion generation program io nn data world train eval batch json"
    may["user verb"] = "json"
    may["public header"] = ""
    # Not after a dot or an arrow (a member of that name), nor within a longer word.
    before = "(^|[^A-Za-z0-9_.>])"
    prints = before "(cout|cerr|clog|v?f?w?printf|puts|fputs|putchar|perror|psignal)([^A-Za-z0-9_]|$)"
    ends = before "(abort|exit|_exit|_Exit|quick_exit|terminate|assert) *\\("
  }

  function complain(text) {
    print file ":" number ": " text
    failures++
  }

  function folder_of(path,    parts) {
    split(path, parts, "/")
    if (parts[1] == "include") return "public header"
    if (parts[1] == "src") return parts[2]
    if (parts[1] == "python") return "user verb"
    return parts[2] ~ /^(ask|describe|objects|relations|read)/ ? "user verb" : "tool verb"
  }

  function check_include(line,    path, target) {
    path = line
    sub(/^[^"]*"/, "", path)
    sub(/".*/, "", path)
    if (path ~ /\.\./) complain("\"" path "\": write paths from src/, without ..")
    if (path !~ /\//) {
      if (from !~ /verb$/ && from != "public header") complain("\"" path "\": write its folder too")
      return
    }
    target = path
    sub(/\/.*/, "", target)
    if (target == "beholder" || target == from) return
    if (target == "core" && from != "public header") return
    if (index(" " may[from] " ", " " target " ") == 0)
      complain(from " may not include " target " (\"" path "\")")
  }

  {
    file = $0
    from = folder_of(file)
    files++
    number = 0
    if (!(from in may))
      complain("src/" from " is new: add it here and to docs/architecture.md")
    while ((got = (getline line < file)) > 0) {
      number++
      if (line ~ /^[ \t]*#[ \t]*include[ \t]*"/) {
        check_include(line)
        continue
      }
      if (from == "public header" && line ~ /^[ \t]*#[ \t]*include[ \t]*<(torch|ATen|c10|opencv)/)
        complain("public headers hold no torch and no OpenCV")
      if (from ~ /verb$/) continue
      gsub(/"([^"\\]|\\.)*"/, "\"\"", line)
      sub(/\/\/.*/, "", line)
      if (line ~ prints) complain("the library never prints: " line)
      if (line ~ ends) complain("the library never ends the process: " line)
    }
    if (got < 0) complain("cannot be read")
    close(file)
  }

  END {
    if (failures) {
      print failures " violation(s); docs/architecture.md explains the rules"
      exit 1
    }
    print files " files keep the rules"
  }'
