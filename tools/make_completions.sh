#!/bin/sh
# Writes packaging/completions/ from what the program's own help lists.
#   tools/make_completions.sh PROGRAM OUTPUT_DIR
set -eu
program=$1 out=$2
mkdir -p "$out"
helps=$(mktemp -d)
trap 'rm -rf "$helps"' EXIT
# The program takes half a second to start: each help is asked for once.
help_of() {
  [ -f "$helps/all$*" ] || "$program" "$@" --help >"$helps/all$*"
  cat "$helps/all$*"
}
# "name<TAB>description" of each verb: the lines of the help between "Subcommands:" and its end.
verbs_of() { help_of "$@" | awk '/^Subcommands:/ { on = 1; next } on && /^  [a-z]/ { name = $1; $1 = ""; sub(/^ /, ""); print name "\t" $0 }'; }
options_of() { help_of "$@" | grep -oE '(^|[ ,])--[a-z][a-z0-9-]*' | tr -d ' ,' | sort -u | tr '\n' ' ' | sed 's/ $//'; }
verbs=$(verbs_of | cut -f1 | tr '\n' ' ' | sed 's/ $//')
{
  echo "# Written by tools/make_completions.sh."
  echo "_beholder() {"
  echo "  local current=\${COMP_WORDS[COMP_CWORD]} words="
  echo "  case \${COMP_WORDS[1]} in"
  for verb in $verbs; do
    echo "    $verb) words='$(options_of "$verb") $(verbs_of "$verb" | cut -f1 | tr '\n' ' ')' ;;"
  done
  echo "  esac"
  echo "  [ \"\$COMP_CWORD\" -gt 1 ] || words='$verbs --help'"
  echo "  COMPREPLY=(\$(compgen -W \"\$words\" -- \"\$current\"))"
  echo "}"
  echo "complete -o default -F _beholder beholder"
} >"$out/beholder.bash"
{
  echo "#compdef beholder"
  echo "# Written by tools/make_completions.sh."
  echo "if (( CURRENT == 2 )); then"
  echo "  compadd -- $verbs --help"
  echo "  return"
  echo "fi"
  echo "case \$words[2] in"
  for verb in $verbs; do
    echo "  $verb) compadd -- $(options_of "$verb") $(verbs_of "$verb" | cut -f1 | tr '\n' ' ') ;;"
  done
  echo "esac"
  echo "_files"
} >"$out/_beholder"
{
  echo "# Written by tools/make_completions.sh."
  verbs_of | while IFS="$(printf '\t')" read -r verb text; do
    echo "complete -c beholder -n __fish_use_subcommand -a $verb -d '$(printf %s "$text" | tr -d "'")'"
    for option in $(options_of "$verb"); do
      echo "complete -c beholder -n '__fish_seen_subcommand_from $verb' -l ${option#--}"
    done
  done
} >"$out/beholder.fish"
