# Written by tools/make_completions.sh.
_beholder() {
  local current=${COMP_WORDS[COMP_CWORD]} words=
  case ${COMP_WORDS[1]} in
    ask) words='--answers-file --beams --choices --draw --explain --heatmap --help --int8 --json --max-new-tokens --max-pixels --method --min-confidence --mirror --model --no-mirror --threads --top-k ' ;;
    describe) words='--beams --consensus --heatmap --help --int8 --json --length-penalty --max-new-tokens --max-pixels --mirror --model --no-consensus --no-mirror --num --prompt --sample-top-k --sample-top-p --seed --temperature --threads --word ' ;;
    objects) words='--draw --help --int8 --json --max-objects --max-pixels --min-confidence --mirror --model --no-mirror --threads ' ;;
    relations) words='--help --int8 --json --max-objects --max-pixels --min-confidence --mirror --model --no-mirror --threads ' ;;
    score) words='--help --int8 --json --max-pixels --mirror --model --no-mirror --threads ' ;;
    caption) words='--batch-size --beams --consensus --filelist --format --glob --help --int8 --json --length-penalty --limit --max-new-tokens --max-pixels --min-confidence --mirror --model --no-consensus --no-mirror --null --num --on-error --output --prompt --question --questions --quiet --recursive --retry-failed --shard --task --threads --top-k --watts-per-core ' ;;
    merge) words='--force --format --help --json ' ;;
    world) words='--help render ' ;;
    eval) words='--beams --by --compare --consensus --data --help --int8 --json --length-penalty --limit --max-new-tokens --max-pixels --method --min-confidence --mirror --model --no-baselines --no-consensus --no-mirror --predictions --question-only-model --relations --threads ' ;;
    train) words='--config --device --help --run --seed --threads --without-pictures ' ;;
    calibrate) words='--accuracy --config --dataset --help --model --out --scenes ' ;;
    model) words='--help info verify convert export join average ' ;;
    doctor) words='--help --int8 --json --max-pixels --mirror --model --no-mirror --threads ' ;;
    data) words='--help derive invert choose name ' ;;
  esac
  [ "$COMP_CWORD" -gt 1 ] || words='ask describe objects relations score caption merge world eval train calibrate model doctor data --help'
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _beholder beholder
