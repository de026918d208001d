#!/usr/bin/env python3
"""Writes photo_objects.safetensors from TensorFlow's frozen ssd_mobilenet_v2_coco_2018_03_29 graph.

    convert_photo_objects.py frozen_inference_graph.pb --out models/beholder/photo_objects.safetensors

Batch normalisation is folded into the convolutions, the columns of COCO's unused ids and of the background are
left out, and boxes are predicted as x, y, width, height. Most weights, which lie behind the MobileNet, become int8
with a scale a row, those of the MobileNet and of the boxes F16, since their int8 shows in the scores (--float: F32
throughout); biases stay floats. Needs numpy and safetensors; the graph is read without TensorFlow.
"""
import argparse
import pathlib

import numpy as np
from safetensors.numpy import save_file

NET = "FeatureExtractor/MobilenetV2/"
# COCO's ids run to 90, these are not used; 0 is the background.
UNUSED = {0, 12, 26, 29, 30, 45, 66, 68, 69, 71, 83}
KINDS = [kind for kind in range(91) if kind not in UNUSED]
EPSILON = 0.001
EXTRAS = ["2_{}x{}_256 2_3x3_s2_512", "3_{}x{}_128 3_3x3_s2_256", "4_{}x{}_128 4_3x3_s2_256",
          "5_{}x{}_64 5_3x3_s2_128"]


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def fields(data):
    """(number, value) of a protobuf message: integers for varints, bytes for the rest."""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        if key & 7 == 0:
            value, at = varint(data, at)
        else:
            size, at = {1: (8, at), 5: (4, at)}.get(key & 7) or varint(data, at)
            value, at = data[at:at + size], at + size
        yield key >> 3, value


def constants(graph):
    """The float constants of a GraphDef by name."""
    out = {}
    for number, node in fields(graph):
        if number != 1:  # GraphDef.node
            continue
        parts = list(fields(node))
        name = next(bytes(value).decode() for key, value in parts if key == 1)
        for entry in (dict(fields(value)) for key, value in parts if key == 5):  # NodeDef.attr
            if bytes(entry[1]) != b"value":
                continue
            tensor = dict(fields(dict(fields(entry[2]))[8]))  # AttrValue.tensor
            if tensor.get(1) != 1 or 4 not in tensor:  # DT_FLOAT, tensor_content
                continue
            shape = [dict(fields(size)).get(1, 0) for key, size in fields(tensor.get(2, b"")) if key == 2]
            out[name] = np.frombuffer(tensor[4], "<f4").reshape(shape)
    return out


def normalised(graph, name, depthwise):
    """A convolution with its batch normalisation folded in: (out, in, h, w), (out)."""
    weight = graph[name + ("/depthwise_weights" if depthwise else "/weights")]
    weight = weight.transpose((2, 3, 0, 1) if depthwise else (3, 2, 0, 1)).astype(np.float64)
    norm = {part: graph[f"{name}/BatchNorm/{part}"].astype(np.float64)
            for part in ("gamma", "beta", "moving_mean", "moving_variance")}
    scale = norm["gamma"] / np.sqrt(norm["moving_variance"] + EPSILON)
    return weight * scale[:, None, None, None], norm["beta"] - norm["moving_mean"] * scale


def predictor(graph, name, wide, order):
    """A predictor's convolution with the outputs `order` of each anchor's `wide`."""
    weight = graph[name + "/weights"].transpose(3, 2, 0, 1)
    rows = [first + one for first in range(0, len(weight), wide) for one in order]
    return weight[rows], graph[name + "/biases"][rows]


def layers(graph):
    yield "stem", normalised(graph, NET + "Conv", False)
    for block in range(17):
        name = NET + ("expanded_conv" if block == 0 else f"expanded_conv_{block}")
        for part in ("expand", "depthwise", "project"):
            if block > 0 or part != "expand":
                yield f"blocks.{block}.{part}", normalised(graph, f"{name}/{part}", part == "depthwise")
    yield "head", normalised(graph, NET + "Conv_1", False)
    for extra, names in enumerate(EXTRAS):
        narrow, wide = names.format(1, 1).split()
        yield f"extras.{extra}.narrow", normalised(graph, f"{NET}layer_19_1_Conv2d_{narrow}", False)
        yield f"extras.{extra}.depthwise", normalised(graph, f"{NET}layer_19_2_Conv2d_{wide}_depthwise", True)
        yield f"extras.{extra}.widen", normalised(graph, f"{NET}layer_19_2_Conv2d_{wide}", False)
    for level in range(6):
        name = f"BoxPredictor_{level}/"
        yield f"boxes.{level}", predictor(graph, name + "BoxEncodingPredictor", 4, (1, 0, 3, 2))
        yield f"scores.{level}", predictor(graph, name + "ClassPredictor", 91, KINDS)


def stored(name, weight, bias, floats):
    weight, bias = (np.ascontiguousarray(part, np.float32) for part in (weight, bias))
    out = {name + ".bias": bias}
    if name.split(".")[1] in ("head", "extras", "scores") and not name.endswith("depthwise") and not floats:
        rows = weight.reshape(len(weight), -1)
        scale = np.maximum(np.abs(rows).max(1), 1e-12) / 127
        out[name + ".weight_scale"] = scale.astype(np.float32)
        out[name + ".weight"] = np.rint(rows / scale[:, None]).astype(np.int8).reshape(weight.shape)
    else:
        out[name + ".weight"] = weight if floats else weight.astype(np.float16)
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("graph", type=pathlib.Path)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--float", dest="floats", action="store_true")
    options = parser.parse_args()
    graph = constants(memoryview(options.graph.read_bytes()))
    tensors = {}
    for name, (weight, bias) in layers(graph):
        tensors.update(stored("photo_objects." + name, weight, bias, options.floats))
    save_file(tensors, options.out)


if __name__ == "__main__":
    main()
