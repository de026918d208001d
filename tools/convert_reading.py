#!/usr/bin/env python3
"""Writes the weights of reading from the PP-OCRv4 mobile networks of PyPI's rapidocr-onnxruntime 1.4.4 (Apache-2.0).

    convert_reading.py DETECTION.onnx RECOGNITION.onnx --out models/beholder

DETECTION and RECOGNITION are `ch_PP-OCRv4_det_infer.onnx` and `ch_PP-OCRv4_rec_infer.onnx` of the package's folder
`models`. Batch normalisation and what is multiplied and added right behind a convolution are folded into it, the
channels of the picture become RGB, and a transposed convolution of 2 x 2 cells becomes a 1 x 1 convolution with four
times the channels. Weights are stored as F16 (--float: F32), biases as F32. Needs numpy, onnx and safetensors.
"""
import argparse
import pathlib

import numpy as np
import onnx
from onnx import numpy_helper
from safetensors.numpy import save_file


class Graph:
    """A network's nodes with their constants, and who uses each output."""

    def __init__(self, path):
        model = onnx.load(str(path))
        self.metadata = {entry.key: entry.value for entry in model.metadata_props}
        self.constants = {one.name: numpy_helper.to_array(one) for one in model.graph.initializer}
        self.nodes, self.users = [], {}
        for node in model.graph.node:
            if node.op_type == "Constant":
                self.constants[node.output[0]] = numpy_helper.to_array(node.attribute[0].t)
                continue
            self.nodes.append(node)
            for name in node.input:
                self.users.setdefault(name, []).append(node)

    def constant_of(self, node):
        """The one constant operand of a node; None without."""
        found = [self.constants[name] for name in node.input if name in self.constants]
        return found[0].astype(np.float64) if len(found) == 1 else None

    def only_user(self, name, kind):
        users = self.users.get(name, [])
        return users[0] if len(users) == 1 and users[0].op_type == kind else None

    def scale_and_shift(self, name):
        """What multiplies `name` and is added then: (scale, shift, name of the result)."""
        scale, shift = 1.0, 0.0
        times = self.only_user(name, "Mul")
        if times is not None and self.constant_of(times) is not None:
            scale, name = self.constant_of(times).reshape(-1), times.output[0]
        plus = self.only_user(name, "Add")
        if plus is not None and self.constant_of(plus) is not None and self.constant_of(plus).size != 6625:
            if not self.is_hard_swish(name):
                shift, name = self.constant_of(plus).reshape(-1), plus.output[0]
        return scale, shift, name

    def is_hard_swish(self, name):
        return sorted(user.op_type for user in self.users.get(name, [])) == ["Add", "Mul"]

    def after_hard_swish(self, name):
        product = next(user for user in self.users[name] if user.op_type == "Mul")
        return self.only_user(product.output[0], "Div").output[0]

    def convolution(self, node):
        """(weight, bias, (scale, shift) behind a hard swish or None)"""
        weight = self.constants[node.input[1]].astype(np.float64)
        if node.op_type == "ConvTranspose":  # (in, out, 2, 2) -> (2 · 2 · out, in, 1, 1)
            weight = weight.transpose(2, 3, 1, 0).reshape(-1, weight.shape[0], 1, 1)
        out = len(weight)
        bias = self.constants[node.input[2]].astype(np.float64) if len(node.input) > 2 else np.zeros(out)
        name = node.output[0]

        def fold(scale, shift):
            nonlocal weight, bias
            scale, shift = (np.tile(np.atleast_1d(one), out // np.atleast_1d(one).size) for one in (scale, shift))
            weight, bias = weight * scale[:, None, None, None], bias * scale + shift

        scale, shift, name = self.scale_and_shift(name)
        fold(scale, shift)
        norm = self.only_user(name, "BatchNormalization")
        if norm is not None:
            gamma, beta, mean, variance = (self.constants[one].astype(np.float64) for one in norm.input[1:])
            epsilon = next(one.f for one in norm.attribute if one.name == "epsilon")
            gamma = gamma / np.sqrt(variance + epsilon)
            fold(gamma, beta - mean * gamma)
            name = norm.output[0]
        behind = None
        if self.is_hard_swish(name):
            scale, shift, _ = self.scale_and_shift(self.after_hard_swish(name))
            behind = np.array([np.ravel(scale)[0], np.ravel(shift)[0]])
        return weight, bias, behind


def names_of_backbone(convolutions, graph):
    """The names of the convolutions up to the last block of the backbone."""
    names, block, kind = ["backbone.stem"], -1, None
    for node in convolutions[1:]:
        shape = graph.constants[node.input[1]].shape
        depthwise = next(one.i for one in node.attribute if one.name == "group") > 1
        if depthwise:
            block, kind = block + 1, "depthwise"
        elif graph.only_user(node.output[0], "Relu") is not None and shape[0] < shape[1]:
            kind = "squeeze.reduce"
        elif kind == "squeeze.reduce":
            kind = "squeeze.expand"
        elif kind in ("depthwise", "squeeze.expand"):
            kind = "pointwise"
        else:
            return names
        names.append(f"backbone.blocks.{block}.{kind}")
    return names


def stored(name, weight, bias, behind, floats):
    weight = np.ascontiguousarray(weight, np.float32 if floats else np.float16)
    if ".squeeze." in name:
        weight = weight.reshape(weight.shape[:2])
    out = {name + ".weight": weight, name + ".bias": bias.astype(np.float32)}
    if behind is not None:
        out[name + ".scale_and_shift"] = behind.astype(np.float32)
    return out


def convolutions_of(graph, names_behind, floats):
    nodes = [node for node in graph.nodes if node.op_type in ("Conv", "ConvTranspose")]
    names = names_of_backbone(nodes, graph)
    names += names_behind
    assert len(names) == len(nodes), f"{len(nodes)} convolutions, {len(names)} names"
    out = {}
    for name, node in zip(names, nodes):
        weight, bias, behind = graph.convolution(node)
        if name == "backbone.stem":
            weight = weight[:, ::-1]  # BGR -> RGB
        out.update(stored(name, weight, bias, behind, floats))
    return out


def detection(graph, floats):
    names = [f"neck.narrow.{level}" for level in range(4)]
    for part in ("lateral", "smooth"):
        for level in (3, 2, 1, 0):
            names += [f"neck.{part}.{level}.{one}" for one in ("conv", "squeeze.reduce", "squeeze.expand")]
    return convolutions_of(graph, names + ["head.conv", "head.up.0", "head.up.1"], floats)


def recognition(graph, floats):
    names = ["neck.narrow", "neck.widen", "neck.back", "neck.join", "neck.last"]
    out = convolutions_of(graph, names, floats)
    kept = np.float32 if floats else np.float16
    linears = [node for node in graph.nodes if node.op_type == "MatMul" and node.input[1] in graph.constants]
    parts = [f"neck.layers.{layer}.{one}" for layer in range(2) for one in ("qkv", "output", "fc1", "fc2")]
    for name, node in zip(parts + ["head"], linears, strict=True):
        bias = graph.only_user(node.output[0], "Add")
        out[name + ".weight"] = np.ascontiguousarray(graph.constants[node.input[1]].T, kept)
        out[name + ".bias"] = graph.constant_of(bias).astype(np.float32)
    norms = [f"neck.layers.{layer}.norm{one}" for layer in range(2) for one in (1, 2)] + ["neck.norm"]
    for name, number in zip(norms, range(43, 48), strict=True):
        out[name + ".weight"] = graph.constants[f"layer_norm_{number}.w_0"].astype(np.float32)
        out[name + ".bias"] = graph.constants[f"layer_norm_{number}.b_0"].astype(np.float32)
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("detection", type=pathlib.Path)
    parser.add_argument("recognition", type=pathlib.Path)
    parser.add_argument("--out", type=pathlib.Path, required=True, help="folder of the model")
    parser.add_argument("--float", action="store_true", help="F32 throughout")
    options = parser.parse_args()
    note = {"source": "PP-OCRv4 mobile, rapidocr-onnxruntime 1.4.4, Apache-2.0"}
    graph = Graph(options.recognition)
    for name, tensors in (("text_detection", detection(Graph(options.detection), options.float)),
                          ("text_recognition", recognition(graph, options.float))):
        save_file({f"{name}.{key}": value for key, value in tensors.items()}, options.out / f"{name}.safetensors", note)
    (options.out / "characters.txt").write_text(graph.metadata["character"].rstrip("\n") + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
