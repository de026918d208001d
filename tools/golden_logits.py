"""Writes what the reference implementation makes of the tiny captioning model under rules of generation.

  python tools/golden_logits.py tests/golden/blip        # behind tools/golden_blip.py

Needs torch==2.13.0, transformers==5.24.0 and pillow==12.2.0. Writes caption/golden_logits.json: for each
picture, prompt and setting the tokens written greedily and with 3 beams, and the smallest gap between the
first two scores that a greedy step chose between.
"""
import json
import pathlib
import sys

import torch
import transformers
from PIL import Image
from transformers import BlipConfig, BlipForConditionalGeneration
from transformers.models.blip.image_processing_pil_blip import BlipImageProcessorPil

SETTINGS = [{"repetition_penalty": 1.5}, {"repetition_penalty": 1.05}, {"repetition_penalty": 0.7},
            {"repetition_penalty": 50.0}, {"repetition_penalty": 0.01},
            {"no_repeat_ngram_size": 1}, {"no_repeat_ngram_size": 2}, {"no_repeat_ngram_size": 3},
            {"no_repeat_ngram_size": 30}, {"min_new_tokens": 5}, {"min_new_tokens": 19},
            {"repetition_penalty": 1.3, "no_repeat_ngram_size": 2, "min_new_tokens": 8},
            {"repetition_penalty": 3.0, "no_repeat_ngram_size": 1, "min_new_tokens": 12},
            {"repetition_penalty": 1.2, "num_return": 3}, {"no_repeat_ngram_size": 2, "length_penalty": 2.0},
            {"repetition_penalty": 1.5, "length_penalty": -1.0}]
PROMPTS = ["", "a photograph of", "the dog is"]
LIMIT = 20


def written(ids, prompt, end):
    ids = ids[prompt:].tolist()
    return ids[:ids.index(end)] if end in ids else ids


@torch.no_grad()
def main():
    root = pathlib.Path(sys.argv[1])
    folder = root / "caption"
    model = BlipForConditionalGeneration(BlipConfig.from_pretrained(folder)).eval()
    model.load_state_dict(torch.load(folder / "pytorch_model.bin", weights_only=True))
    tokenizer = transformers.BertTokenizerFast.from_pretrained(folder)
    processor = BlipImageProcessorPil.from_pretrained(folder)
    start, end = model.config.text_config.bos_token_id, model.config.text_config.sep_token_id
    rows = []
    for name in ("wide.png", "high.png"):
        pixels = processor(Image.open(root / name).convert("RGB"), return_tensors="pt")["pixel_values"]
        image = model.vision_model(pixels).last_hidden_state
        for prompt in PROMPTS:
            ids = [start] + (tokenizer(prompt)["input_ids"][1:-1] if prompt else [])
            for setting in SETTINGS:
                rules = {k: v for k, v in setting.items() if k != "num_return"}
                shared = dict(input_ids=torch.tensor([ids]), eos_token_id=end, pad_token_id=0,
                              encoder_hidden_states=image, do_sample=False, max_new_tokens=LIMIT,
                              encoder_attention_mask=torch.ones(image.shape[:2], dtype=torch.long))
                greedy_rules = {k: v for k, v in rules.items() if k != "length_penalty"}
                greedy = model.text_decoder.generate(**shared, num_beams=1, output_scores=True,
                                                     return_dict_in_generate=True, **greedy_rules)
                best = [scores[0].topk(2).values for scores in greedy.scores]
                beams = model.text_decoder.generate(**shared, num_beams=3,
                                                    num_return_sequences=setting.get("num_return", 1), **rules)
                rows.append({"picture": name, "prompt": prompt, **setting,
                             "greedy": written(greedy.sequences[0], len(ids), end),
                             "gap": min(float(two[0] - two[1]) for two in best),
                             "beams": [written(one, len(ids), end) for one in beams]})
    plain = {(r["picture"], r["prompt"]): r["greedy"] for r in rows if r.get("no_repeat_ngram_size") == 30}
    changed = sum(r["greedy"] != plain[r["picture"], r["prompt"]] for r in rows)
    assert changed > len(rows) // 2, "the rules change too little to be tested"
    (folder / "golden_logits.json").write_text(json.dumps(
        {"torch": torch.__version__, "transformers": transformers.__version__, "limit": LIMIT, "rows": rows}) + "\n")
    print(len(rows), "rows,", changed, "other than without rules; smallest gap", min(r["gap"] for r in rows))


main()
