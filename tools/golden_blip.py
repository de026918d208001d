"""Writes random BLIP checkpoints and what the reference implementation makes of them.

  python tools/golden_blip.py tests/golden/blip             # the tiny ones that the tests read
  python tools/golden_blip.py --full DIR PICTURE...         # full size, for bench/blip_peers.py

Needs torch==2.13.0, transformers==5.24.0 and pillow==12.2.0 (13 takes the passes of its resize in
another order). Each family gets a folder as published ones are, with
`golden.json` beside its weights: stages of the network and the tokens that it writes.
"""
import argparse
import json
import pathlib

import numpy
import torch
import transformers
from PIL import Image
from transformers import (BlipConfig, BlipForConditionalGeneration, BlipForImageTextRetrieval,
                          BlipForQuestionAnswering)
from transformers.models.blip.image_processing_pil_blip import BlipImageProcessorPil

WORDS = """a an the is are on in of to and what where who how many color there dog cat man woman red
green blue table grass ball two one yes no picture photograph sitting standing running with ##s ##ing
? . , ' play""".split()
QUESTIONS = ["what color is the dog?", "how many cats are there", "is the man playing on the grass?",
             "where is it?"]
CHOICES = ["yes", "no", "red", "a dog", "two cats", "the man is standing"]
PROMPTS = ["", "a photograph of", "the dog is"]
TEXTS = ["a dog playing in the grass", "two cats on a table.", "red"]


def configuration(full):
    if full:
        text = dict(num_attention_heads=12)
        vision = dict(image_size=384)
        shared = {}
    else:
        text = dict(vocab_size=len(vocabulary()) + 2, hidden_size=24, intermediate_size=40,
                    num_hidden_layers=2, num_attention_heads=2, max_position_embeddings=40,
                    bos_token_id=len(vocabulary()), sep_token_id=3)
        vision = dict(hidden_size=24, intermediate_size=48, num_hidden_layers=2,
                      num_attention_heads=4, image_size=32, patch_size=8)
        shared = dict(image_text_hidden_size=12)
    config = BlipConfig(text_config=text, vision_config=vision, **shared)
    # The default 1e-10 of the picture side would make every picture the same.
    config.vision_config.initializer_range = 0.02 if full else 0.2
    config.text_config.initializer_range = 0.02 if full else 0.25
    config.initializer_range = 0.02 if full else 0.2
    return config


def vocabulary():
    return ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] + WORDS


def write_texts(folder, full):
    if full:
        words = [f"[unused{i}]" for i in range(30522)]
        for place, word in {0: "[PAD]", 100: "[UNK]", 101: "[CLS]", 102: "[SEP]", 103: "[MASK]"}.items():
            words[place] = word
        for place, word in enumerate(WORDS):
            words[2000 + place] = word
    else:
        words = vocabulary()
    (folder / "vocab.txt").write_text("\n".join(words) + "\n")
    (folder / "tokenizer_config.json").write_text(json.dumps({"do_lower_case": True}) + "\n")
    size = 384 if full else 32
    (folder / "preprocessor_config.json").write_text(json.dumps({
        "do_normalize": True, "do_rescale": True, "do_resize": True, "rescale_factor": 1 / 255,
        "image_mean": [0.48145466, 0.4578275, 0.40821073], "resample": 3,
        "image_std": [0.26862954, 0.26130258, 0.27577711],
        "image_processor_type": "BlipImageProcessor", "size": {"height": size, "width": size}}) + "\n")


def rows(tensor):
    return [round(float(v), 7) for v in tensor.flatten()]


class Gaps:
    """The smallest gap between the first two choices along a sequence, by a step of its own."""

    def __init__(self, decoder, start, memory):
        self.decoder, self.start, self.memory = decoder, start, memory

    def of(self, tokens):
        ids = torch.tensor([self.start + tokens])
        logits = self.decoder(input_ids=ids, encoder_hidden_states=self.memory,
                              is_decoder=True).logits[0, len(self.start) - 1:-1]
        best = logits.topk(2, -1).values
        return float((best[:, 0] - best[:, 1]).min()) if len(tokens) else 0.0


def until_end(ids, prompt, end):
    ids = ids[prompt:].tolist()
    return ids[:ids.index(end)] if end in ids else ids


def generate(decoder, start, memory, end, beams, limit):
    out = decoder.generate(
        input_ids=torch.tensor([start]), eos_token_id=end, pad_token_id=0,
        encoder_hidden_states=memory, num_beams=beams, do_sample=False, max_new_tokens=limit,
        encoder_attention_mask=torch.ones(memory.shape[:2], dtype=torch.long))
    return until_end(out[0], len(start), end)


def of_turn(texts, turn):
    """All of them, or with a number those that fall to this picture."""
    return texts if turn is None else [texts[turn % len(texts)]]


def answers(model, tokenizer, pixels, limit, turn):
    image = model.vision_model(pixels).last_hidden_state
    out = []
    start, end = model.config.text_config.bos_token_id, model.config.text_config.sep_token_id
    for question in of_turn(QUESTIONS, turn):
        ids = torch.tensor([tokenizer(question)["input_ids"]])
        encoded = model.text_encoder(ids, encoder_hidden_states=image).last_hidden_state
        gaps = Gaps(model.text_decoder, [start], encoded)
        row = {"question": question, "ids": ids[0].tolist(), "embeds": rows(encoded[0, :, :8]),
               "greedy": generate(model.text_decoder, [start], encoded, end, 1, limit)}
        row["beam"] = generate(model.text_decoder, [start], encoded, end, 3, limit)
        row["gap"] = gaps.of(row["greedy"] + [end] * (len(row["greedy"]) < limit))
        said = torch.tensor([[start] + row["greedy"][:4]])
        row["logits_ids"] = said[0].tolist()
        row["logits"] = rows(model.text_decoder(input_ids=said, encoder_hidden_states=encoded,
                                                is_decoder=True).logits[0, :, :40])
        row["choices"] = []
        for choice in CHOICES:
            target = tokenizer(choice)["input_ids"][1:]
            given = torch.tensor([[start] + target[:-1]])
            logits = model.text_decoder(input_ids=given, encoder_hidden_states=encoded,
                                        is_decoder=True).logits.log_softmax(-1)
            row["choices"].append(float(sum(logits[0, i, t] for i, t in enumerate(target))))
        out.append(row)
    return out


def captions(model, tokenizer, pixels, limit, turn):
    image = model.vision_model(pixels).last_hidden_state
    start, end = model.config.text_config.bos_token_id, model.config.text_config.sep_token_id
    out = []
    for prompt in of_turn(PROMPTS, turn):
        ids = [start] + (tokenizer(prompt)["input_ids"][1:-1] if prompt else [])
        row = {"prompt": prompt}
        for name, beams in {"greedy": 1, "beam": 3, "beam5": 5}.items():
            row[name] = generate(model.text_decoder, ids, image, end, beams, limit)
        row["gap"] = Gaps(model.text_decoder, ids, image).of(
            row["greedy"] + [end] * (len(row["greedy"]) < limit))
        out.append(row)
    return out


def matches(model, tokenizer, pixels, _, turn):
    out = []
    for text in TEXTS:
        ids = torch.tensor([tokenizer(text)["input_ids"]])
        mask = torch.ones_like(ids)
        itm = model(input_ids=ids, pixel_values=pixels, attention_mask=mask).itm_score
        cosine = model(input_ids=ids, pixel_values=pixels, attention_mask=mask,
                       use_itm_head=False).itm_score
        out.append({"text": text, "itm": rows(itm), "cosine": float(cosine)})
    # The same in one padded batch: what is beside a text must not change it.
    batch = tokenizer(TEXTS, padding=True, return_tensors="pt")
    padded = model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"],
                   pixel_values=pixels.expand(len(TEXTS), -1, -1, -1)).itm_score
    for row, scores in zip(out, padded):
        row["itm_in_batch"] = rows(scores)
    return out


FAMILIES = {"vqa": (BlipForQuestionAnswering, answers), "caption": (BlipForConditionalGeneration, captions),
            "itm": (BlipForImageTextRetrieval, matches)}


def make_picture(path, width, height, seed):
    noise = numpy.random.default_rng(seed).integers(0, 256, (9, 7, 3), dtype=numpy.uint8)
    Image.fromarray(noise).resize((width, height), Image.BICUBIC).save(path)


@torch.no_grad()
def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--limit", type=int, default=20, help="tokens written")
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("pictures", type=pathlib.Path, nargs="*")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    if not given.full:
        for name, (width, height) in {"wide.png": (53, 37), "high.png": (19, 41)}.items():
            make_picture(given.out / name, width, height, width)
            given.pictures.append(given.out / name)
    for seed, (name, (kind, outputs)) in enumerate(FAMILIES.items()):
        torch.manual_seed(seed)
        folder = given.out / name
        folder.mkdir(exist_ok=True)
        config = configuration(given.full)
        model = kind(config).eval()
        with torch.no_grad():  # random biases and norms, or their handling is not seen
            for key, value in model.named_parameters():
                if key.endswith("bias"):
                    value.normal_(0, 0.02)
                elif "orm" in key and key.endswith("weight"):
                    value.normal_(1, 0.05)
                elif key.endswith("class_embedding") or key.endswith("position_embedding"):
                    value.normal_(0, 0.02 if given.full else 0.2)
            if hasattr(model, "text_decoder") and not given.full:  # so that some sequences end
                model.text_decoder.cls.predictions.bias[config.text_config.sep_token_id] += 1.5
        config.architectures = [kind.__name__]
        model.save_pretrained(folder)
        if name == "caption" and not given.full:  # the older form of published weights
            (folder / "model.safetensors").unlink()
            torch.save(model.state_dict(), folder / "pytorch_model.bin")
        (folder / "generation_config.json").unlink(missing_ok=True)
        write_texts(folder, given.full)
        tokenizer = transformers.BertTokenizerFast.from_pretrained(folder)
        processor = BlipImageProcessorPil.from_pretrained(folder)
        golden = {"torch": torch.__version__, "transformers": transformers.__version__,
                  "limit": given.limit, "choices": CHOICES, "pictures": []}
        for turn, path in enumerate(given.pictures):
            pixels = processor(Image.open(path).convert("RGB"), return_tensors="pt")["pixel_values"]
            image = model.vision_model(pixels).last_hidden_state
            golden["pictures"].append({
                "file": path.name, "pixel_values": rows(pixels[0, :, ::5, ::3][:, :8, :8]),
                "image_embeds": rows(image[0, ::4, :8] if not given.full else image[0, ::64, :16]),
                "outputs": outputs(model, tokenizer, pixels, given.limit,
                                   turn if given.full else None)})
        different = {json.dumps(p["outputs"]) for p in golden["pictures"]}
        assert len(different) > 1 or len(golden["pictures"]) < 2, "the picture changes nothing"
        (folder / "golden.json").write_text(json.dumps(golden) + "\n")
        print(name, sum(f.stat().st_size for f in folder.iterdir()), "bytes")


main()
