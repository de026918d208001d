# Written by tools/make_completions.sh.
complete -c beholder -n __fish_use_subcommand -a ask -d 'Answer questions about pictures'
complete -c beholder -n '__fish_seen_subcommand_from ask' -l beams
complete -c beholder -n '__fish_seen_subcommand_from ask' -l choices
complete -c beholder -n '__fish_seen_subcommand_from ask' -l heatmap
complete -c beholder -n '__fish_seen_subcommand_from ask' -l help
complete -c beholder -n '__fish_seen_subcommand_from ask' -l int8
complete -c beholder -n '__fish_seen_subcommand_from ask' -l json
complete -c beholder -n '__fish_seen_subcommand_from ask' -l max-pixels
complete -c beholder -n '__fish_seen_subcommand_from ask' -l min-confidence
complete -c beholder -n '__fish_seen_subcommand_from ask' -l mirror
complete -c beholder -n '__fish_seen_subcommand_from ask' -l model
complete -c beholder -n '__fish_seen_subcommand_from ask' -l no-mirror
complete -c beholder -n '__fish_seen_subcommand_from ask' -l threads
complete -c beholder -n '__fish_seen_subcommand_from ask' -l top-k
complete -c beholder -n __fish_use_subcommand -a describe -d 'Describe pictures in a sentence'
complete -c beholder -n '__fish_seen_subcommand_from describe' -l beams
complete -c beholder -n '__fish_seen_subcommand_from describe' -l consensus
complete -c beholder -n '__fish_seen_subcommand_from describe' -l heatmap
complete -c beholder -n '__fish_seen_subcommand_from describe' -l help
complete -c beholder -n '__fish_seen_subcommand_from describe' -l int8
complete -c beholder -n '__fish_seen_subcommand_from describe' -l json
complete -c beholder -n '__fish_seen_subcommand_from describe' -l length-penalty
complete -c beholder -n '__fish_seen_subcommand_from describe' -l max-new-tokens
complete -c beholder -n '__fish_seen_subcommand_from describe' -l max-pixels
complete -c beholder -n '__fish_seen_subcommand_from describe' -l mirror
complete -c beholder -n '__fish_seen_subcommand_from describe' -l model
complete -c beholder -n '__fish_seen_subcommand_from describe' -l no-consensus
complete -c beholder -n '__fish_seen_subcommand_from describe' -l no-mirror
complete -c beholder -n '__fish_seen_subcommand_from describe' -l num
complete -c beholder -n '__fish_seen_subcommand_from describe' -l sample-top-k
complete -c beholder -n '__fish_seen_subcommand_from describe' -l sample-top-p
complete -c beholder -n '__fish_seen_subcommand_from describe' -l seed
complete -c beholder -n '__fish_seen_subcommand_from describe' -l temperature
complete -c beholder -n '__fish_seen_subcommand_from describe' -l threads
complete -c beholder -n '__fish_seen_subcommand_from describe' -l word
complete -c beholder -n __fish_use_subcommand -a caption -d 'Caption, or ask about, many pictures; run it again to go on where it stopped'
complete -c beholder -n '__fish_seen_subcommand_from caption' -l batch-size
complete -c beholder -n '__fish_seen_subcommand_from caption' -l beams
complete -c beholder -n '__fish_seen_subcommand_from caption' -l consensus
complete -c beholder -n '__fish_seen_subcommand_from caption' -l filelist
complete -c beholder -n '__fish_seen_subcommand_from caption' -l format
complete -c beholder -n '__fish_seen_subcommand_from caption' -l glob
complete -c beholder -n '__fish_seen_subcommand_from caption' -l help
complete -c beholder -n '__fish_seen_subcommand_from caption' -l int8
complete -c beholder -n '__fish_seen_subcommand_from caption' -l json
complete -c beholder -n '__fish_seen_subcommand_from caption' -l length-penalty
complete -c beholder -n '__fish_seen_subcommand_from caption' -l limit
complete -c beholder -n '__fish_seen_subcommand_from caption' -l max-new-tokens
complete -c beholder -n '__fish_seen_subcommand_from caption' -l max-pixels
complete -c beholder -n '__fish_seen_subcommand_from caption' -l min-confidence
complete -c beholder -n '__fish_seen_subcommand_from caption' -l mirror
complete -c beholder -n '__fish_seen_subcommand_from caption' -l model
complete -c beholder -n '__fish_seen_subcommand_from caption' -l no-consensus
complete -c beholder -n '__fish_seen_subcommand_from caption' -l no-mirror
complete -c beholder -n '__fish_seen_subcommand_from caption' -l null
complete -c beholder -n '__fish_seen_subcommand_from caption' -l num
complete -c beholder -n '__fish_seen_subcommand_from caption' -l on-error
complete -c beholder -n '__fish_seen_subcommand_from caption' -l output
complete -c beholder -n '__fish_seen_subcommand_from caption' -l question
complete -c beholder -n '__fish_seen_subcommand_from caption' -l questions
complete -c beholder -n '__fish_seen_subcommand_from caption' -l quiet
complete -c beholder -n '__fish_seen_subcommand_from caption' -l recursive
complete -c beholder -n '__fish_seen_subcommand_from caption' -l retry-failed
complete -c beholder -n '__fish_seen_subcommand_from caption' -l shard
complete -c beholder -n '__fish_seen_subcommand_from caption' -l task
complete -c beholder -n '__fish_seen_subcommand_from caption' -l threads
complete -c beholder -n '__fish_seen_subcommand_from caption' -l top-k
complete -c beholder -n '__fish_seen_subcommand_from caption' -l watts-per-core
complete -c beholder -n __fish_use_subcommand -a merge -d 'Join the shards of a batch'
complete -c beholder -n '__fish_seen_subcommand_from merge' -l format
complete -c beholder -n '__fish_seen_subcommand_from merge' -l help
complete -c beholder -n '__fish_seen_subcommand_from merge' -l json
complete -c beholder -n __fish_use_subcommand -a world -d 'A world of scenes that can be drawn and asked about'
complete -c beholder -n '__fish_seen_subcommand_from world' -l help
complete -c beholder -n __fish_use_subcommand -a eval -d 'Measure a model on a dataset file'
complete -c beholder -n '__fish_seen_subcommand_from eval' -l beams
complete -c beholder -n '__fish_seen_subcommand_from eval' -l consensus
complete -c beholder -n '__fish_seen_subcommand_from eval' -l data
complete -c beholder -n '__fish_seen_subcommand_from eval' -l help
complete -c beholder -n '__fish_seen_subcommand_from eval' -l int8
complete -c beholder -n '__fish_seen_subcommand_from eval' -l json
complete -c beholder -n '__fish_seen_subcommand_from eval' -l length-penalty
complete -c beholder -n '__fish_seen_subcommand_from eval' -l limit
complete -c beholder -n '__fish_seen_subcommand_from eval' -l max-pixels
complete -c beholder -n '__fish_seen_subcommand_from eval' -l mirror
complete -c beholder -n '__fish_seen_subcommand_from eval' -l model
complete -c beholder -n '__fish_seen_subcommand_from eval' -l no-baselines
complete -c beholder -n '__fish_seen_subcommand_from eval' -l no-consensus
complete -c beholder -n '__fish_seen_subcommand_from eval' -l no-mirror
complete -c beholder -n '__fish_seen_subcommand_from eval' -l predictions
complete -c beholder -n '__fish_seen_subcommand_from eval' -l question-only-model
complete -c beholder -n '__fish_seen_subcommand_from eval' -l threads
complete -c beholder -n __fish_use_subcommand -a train -d 'Train a model as a configuration file says'
complete -c beholder -n '__fish_seen_subcommand_from train' -l config
complete -c beholder -n '__fish_seen_subcommand_from train' -l device
complete -c beholder -n '__fish_seen_subcommand_from train' -l help
complete -c beholder -n '__fish_seen_subcommand_from train' -l run
complete -c beholder -n '__fish_seen_subcommand_from train' -l seed
complete -c beholder -n '__fish_seen_subcommand_from train' -l threads
complete -c beholder -n '__fish_seen_subcommand_from train' -l without-pictures
complete -c beholder -n __fish_use_subcommand -a calibrate -d 'Fit confidence and the threshold for "I dont know" on held-out pictures'
complete -c beholder -n '__fish_seen_subcommand_from calibrate' -l accuracy
complete -c beholder -n '__fish_seen_subcommand_from calibrate' -l config
complete -c beholder -n '__fish_seen_subcommand_from calibrate' -l dataset
complete -c beholder -n '__fish_seen_subcommand_from calibrate' -l help
complete -c beholder -n '__fish_seen_subcommand_from calibrate' -l model
complete -c beholder -n '__fish_seen_subcommand_from calibrate' -l out
complete -c beholder -n __fish_use_subcommand -a model -d 'Look at a model or store it in another form'
complete -c beholder -n '__fish_seen_subcommand_from model' -l help
complete -c beholder -n __fish_use_subcommand -a doctor -d 'Check libraries, speed against the machines peak, the model'
complete -c beholder -n '__fish_seen_subcommand_from doctor' -l help
complete -c beholder -n '__fish_seen_subcommand_from doctor' -l int8
complete -c beholder -n '__fish_seen_subcommand_from doctor' -l json
complete -c beholder -n '__fish_seen_subcommand_from doctor' -l max-pixels
complete -c beholder -n '__fish_seen_subcommand_from doctor' -l mirror
complete -c beholder -n '__fish_seen_subcommand_from doctor' -l model
complete -c beholder -n '__fish_seen_subcommand_from doctor' -l no-mirror
complete -c beholder -n '__fish_seen_subcommand_from doctor' -l threads
complete -c beholder -n __fish_use_subcommand -a data -d 'Tools for data sets'
complete -c beholder -n '__fish_seen_subcommand_from data' -l help
