# Written by tools/make_completions.sh.
_beholder() {
  local current=${COMP_WORDS[COMP_CWORD]} words=
  case ${COMP_WORDS[1]} in
    ask) words='--answers-file --beams --choices --color-management --draw --explain --force --heatmap --help --int8 --json --max-new-tokens --max-pixels --method --min-confidence --mirror --model --no-mirror --threads --top-k ' ;;
    describe) words='--beams --color-management --consensus --force --heatmap --help --int8 --json --length-penalty --max-new-tokens --max-pixels --max-words --min-confidence --min-new-tokens --min-words --mirror --model --no-consensus --no-mirror --no-repeat-ngram --num --prefix --prompt --repetition-penalty --sample-top-k --sample-top-p --seed --suffix --temperature --threads --word ' ;;
    objects) words='--color-management --draw --force --help --int8 --json --max-objects --max-pixels --min-confidence --mirror --model --no-mirror --threads ' ;;
    relations) words='--color-management --help --int8 --json --max-objects --max-pixels --min-confidence --mirror --model --no-mirror --threads ' ;;
    read) words='--color-management --draw --force --help --int8 --json --max-pixels --min-confidence --mirror --model --no-mirror --threads ' ;;
    score) words='--color-management --help --int8 --json --max-pixels --mirror --model --no-mirror --threads ' ;;
    caption) words='--batch-size --beams --color-management --consensus --existing --filelist --format --glob --help --int8 --json --length-penalty --limit --max-new-tokens --max-pixels --max-words --min-confidence --min-new-tokens --min-words --mirror --model --no-consensus --no-mirror --no-repeat-ngram --null --num --on-error --output --prefix --prompt --question --questions --quiet --recursive --repetition-penalty --retry-failed --shard --suffix --task --threads --top-k --watts-per-core ' ;;
    merge) words='--existing --force --format --help --json ' ;;
    world) words='--help render ' ;;
    eval) words='--annotations --beams --by --color-management --compare --consensus --data --force --format --help --images --int8 --json --length-penalty --limit --max-new-tokens --max-pixels --method --min-confidence --mirror --model --no-baselines --no-consensus --no-mirror --predictions --question-only-model --relations --threads ' ;;
    train) words='--config --device --help --run --seed --threads --without-pictures ' ;;
    calibrate) words='--accuracy --answers-only --captions --config --dataset --force --grounds --help --in-place --model --nothing --out --photos --precision --questions --scenes ' ;;
    model) words='--help info verify checksum convert export join average ' ;;
    doctor) words='--color-management --help --int8 --json --max-pixels --mirror --model --no-mirror --threads ' ;;
    data) words='--help derive invert choose pseudo-label ' ;;
  esac
  [ "$COMP_CWORD" -gt 1 ] || words='ask describe objects relations read score caption merge world eval train calibrate model doctor data --help'
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _beholder beholder
