#!/usr/bin/env python3
"""BLIP at full size beside the reference, ONNX Runtime and OpenVINO, on the same cores in one run.

    pip install torch==2.13.0 transformers==5.24.0 pillow==12.2.0 onnx==1.23.2 onnxruntime==1.32.0 \\
        openvino==2026.4.1 nncf==3.4.0
    python tools/golden_blip.py --full blip PICTURE.png
    beholder model convert blip/vqa -o blip/vqa8 --dtype int8
    python bench/blip_peers.py build/release/bench/blip build/release/beholder blip PICTURE.png

All in turn, ROUNDS rounds; prints each best and the ratios. Without int8 weights of a trained model
OpenVINO's quantisation is calibrated on noise, which its speed does not depend on.
"""
import os
import pathlib
import re
import subprocess
import sys
import time

import nncf
import numpy
import onnxruntime
import openvino
import torch
import transformers
from PIL import Image
from transformers.models.blip.image_processing_pil_blip import BlipImageProcessorPil
from transformers.models.blip.modeling_blip import (BlipForConditionalGeneration,
                                                    BlipForQuestionAnswering)

ROUNDS = 3
TOKENS = {"short answers": 3, "20 tokens": 20}
transformers.logging.set_verbosity_error()


def best_ms(rounds, run):
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        run()
        best = min(best, 1000 * (time.perf_counter() - start))
    return best


class Vision(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, pixels):
        return self.model(pixels).last_hidden_state


def vision_peers(folder, model, pixels):
    """name -> a call that encodes one picture"""
    vision = Vision(model.vision_model).eval()
    onnx = folder / "vision.onnx"
    torch.onnx.export(vision, (pixels,), onnx, input_names=["pixels"], dynamo=False)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = torch.get_num_threads()
    session = onnxruntime.InferenceSession(str(onnx), options, providers=["CPUExecutionProvider"])
    array = pixels.numpy()
    hint = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "f32",
            "INFERENCE_NUM_THREADS": torch.get_num_threads()}
    whole = openvino.convert_model(vision, example_input=pixels, input=list(pixels.shape))
    noise = [numpy.random.default_rng(i).standard_normal(pixels.shape, numpy.float32)
             for i in range(4)]
    small = nncf.quantize(openvino.convert_model(vision, example_input=pixels,
                                                 input=list(pixels.shape)),
                          nncf.Dataset(noise), model_type=nncf.ModelType.TRANSFORMER,
                          subset_size=len(noise))
    fp32, int8 = openvino.compile_model(whole, "CPU", hint), openvino.compile_model(small, "CPU", hint)
    return {"image encode, eager": lambda: vision(pixels),
            "image encode, ONNX Runtime": lambda: session.run(None, {"pixels": array}),
            "image encode, OpenVINO fp32": lambda: fp32([array]),
            "image encode, OpenVINO int8": lambda: int8([array])}


def pipeline_peers(folder, model, path):
    captioner = BlipForConditionalGeneration.from_pretrained(folder / "caption").eval()
    tokenizer = transformers.BertTokenizerFast.from_pretrained(folder / "vqa")
    processor = BlipImageProcessorPil.from_pretrained(folder / "vqa")

    def pixels():
        return processor(Image.open(path).convert("RGB"), return_tensors="pt")["pixel_values"]

    def answer(tokens):
        ids = tokenizer("what is on the table?", return_tensors="pt")
        model.generate(ids["input_ids"], pixels(), ids["attention_mask"], num_beams=3,
                       max_new_tokens=tokens)

    out = {}
    for name, tokens in TOKENS.items():
        out[f"whole answer, {name}"] = lambda tokens=tokens: answer(tokens)
    out["caption, 20 tokens"] = lambda: captioner.generate(pixels(), max_new_tokens=20)
    return out


def ours(program, vqa, caption, picture, tokens):
    """name -> milliseconds, from lines "name  123.4 ms ..."."""
    text = subprocess.run([program, vqa, caption, picture, str(tokens)], check=True,
                          capture_output=True, text=True).stdout
    return text, {match[1].strip(): float(match[2])
                  for match in re.finditer(r"^(.*?)\s+([\d.]+) ms", text, re.M)}


def from_start(program, model, picture):
    """Milliseconds from process start to the first answer, the page cache warm, and the peak memory in MiB."""
    best, peak = float("inf"), 0
    for _ in range(6):
        start = time.perf_counter()
        child = os.posix_spawn(program, [program, "ask", "-m", str(model), picture, "what is it?", "--beams", "3"],
                               os.environ, file_actions=[(os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)])
        _, status, usage = os.wait4(child, 0)
        assert status == 0, "the program failed"
        best, peak = min(best, 1000 * (time.perf_counter() - start)), max(peak, usage.ru_maxrss / 1024)
    return best, peak


@torch.inference_mode()
def main():
    program, beholder, folder, picture = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3]), sys.argv[4]
    model = BlipForQuestionAnswering.from_pretrained(folder / "vqa").eval()
    pixels = torch.rand(1, 3, 384, 384)
    peers = {**vision_peers(folder, model, pixels), **pipeline_peers(folder, model, picture)}
    best, mine = {}, {}
    for _ in range(ROUNDS):
        for name, run in peers.items():
            run()
            best[name] = min(best.get(name, float("inf")), best_ms(3, run))
        for kind, vqa in {"fp32": "vqa", "int8": "vqa8"}.items():
            for length, tokens in TOKENS.items():
                text, times = ours(program, folder / vqa, folder / "caption", picture, tokens)
                for name, ms in times.items():
                    key = f"{name} | {kind} | {length}"
                    mine[key] = min(mine.get(key, float("inf")), ms)
    print(text.splitlines()[0])
    for name, ms in {**best, **mine}.items():
        print(f"{name:70} {ms:9.1f} ms")

    def ratio(peer, own, times=1):
        print(f"{own:60} {mine[own]:8.1f} ms, {times * best[peer] / mine[own]:5.2f} times as fast as "
              f"{times} x {peer} ({best[peer]:.1f} ms)")

    for kind in ("vqa", "vqa8"):
        ms, peak = from_start(beholder, folder / kind, picture)
        weights = (folder / kind / "model.safetensors").stat().st_size / 2**20
        print(f"{kind}: process start to first answer {ms:.0f} ms, peak memory {peak:.0f} MiB, "
              f"{100 * peak / weights - 100:+.0f} % over the weights' {weights:.0f} MiB")
    encode = "image encode | {} | 20 tokens"
    for peer in ("eager", "ONNX Runtime", "OpenVINO fp32"):
        ratio(f"image encode, {peer}", encode.format("fp32"))
    ratio("image encode, OpenVINO int8", encode.format("int8"))
    for length in TOKENS:
        for kind in ("fp32", "int8"):
            ratio(f"whole answer, {length}", f"whole answer, 3 beams | {kind} | {length}")
            ratio(f"whole answer, {length}", f"10 questions on one picture, 3 beams | {kind} | {length}",
                  10)


if __name__ == "__main__":
    main()
