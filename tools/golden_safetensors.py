"""Writes and checks the golden files of the safetensors reader and writer.

    python tools/golden_safetensors.py write OUT_DIR     the reference's files, for the C++ reader
    python tools/golden_safetensors.py check FILE        a file by the C++ writer, for the reference

Needs numpy and safetensors (versions in tests/golden/safetensors/README.md); no torch: BF16 is
written through the raw bytes.
"""

import ctypes
import pathlib
import struct
import sys

import numpy as np
from safetensors import SafetensorError, TensorSpec, deserialize, safe_open, serialize_file

METADATA = {"format": "pt", "title": "Zürich ☂"}


def values():
    """Name -> (dtype in the format's words, shape, little-endian bytes), all from plain counting."""
    f32 = np.array([0.0, -0.0, 1.0, -1.5, np.pi, 1e-45, 3.4e38, np.inf, -np.inf, np.nan], "<f4")
    return {
        "blocks.0.weight": ("F32", [2, 5], f32.tobytes()),
        "blocks.0.half": ("F16", [3], np.array([1.0, -2.5, 65504.0], "<f2").tobytes()),
        "blocks.0.bfloat": ("BF16", [2, 1], struct.pack("<2H", 0x3F80, 0xC020)),
        "position_ids": ("I64", [1, 4], np.arange(4, dtype="<i8").tobytes()),
        "double": ("F64", [], np.array(0.1, "<f8").tobytes()),
        "i8": ("I8", [5], np.array([-128, -1, 0, 1, 127], "i1").tobytes()),
        "u8": ("U8", [3], np.array([0, 1, 255], "u1").tobytes()),
        "i16": ("I16", [2], np.array([-32768, 32767], "<i2").tobytes()),
        "i32": ("I32", [2], np.array([-(2**31), 2**31 - 1], "<i4").tobytes()),
        "mask": ("BOOL", [2, 2], bytes([1, 0, 0, 1])),
        "empty": ("F32", [0, 7], b""),
        'näme "quoted"': ("U8", [1], b"\x2a"),
    }


# The package's Python side names dtypes in its own words.
PYTHON_DTYPE = {
    "F32": "float32", "F16": "float16", "BF16": "bfloat16", "I64": "int64", "F64": "float64",
    "I8": "int8", "U8": "uint8", "I16": "int16", "I32": "int32", "BOOL": "bool",
}


def write(out_dir):
    out_dir.mkdir(parents=True, exist_ok=True)
    # The package takes addresses, so the buffers must outlive the call.
    buffers = {
        name: ctypes.create_string_buffer(data, max(len(data), 1))
        for name, (_, _, data) in values().items()
    }
    rows = {
        name: TensorSpec(
            dtype=PYTHON_DTYPE[dtype],
            shape=shape,
            data_ptr=ctypes.addressof(buffers[name]),
            data_len=len(data),
        )
        for name, (dtype, shape, data) in values().items()
    }
    serialize_file(rows, str(out_dir / "reference.safetensors"), metadata=METADATA)


def check(path):
    found = dict(deserialize(path.read_bytes()))
    expected = values()
    assert sorted(found) == sorted(expected), (sorted(found), sorted(expected))
    for name, (dtype, shape, data) in expected.items():
        row = found[name]
        assert (row["dtype"], list(row["shape"])) == (dtype, shape), (name, row)
        assert bytes(row["data"]) == data, (name, bytes(row["data"]), data)
    with safe_open(str(path), framework="np") as file:
        assert file.metadata() == METADATA, file.metadata()
        weight = file.get_tensor("blocks.0.weight")
        assert weight.shape == (2, 5) and weight.dtype == np.float32
    print(f"{path}: {len(expected)} tensors, bit for bit")


def main():
    if len(sys.argv) != 3 or sys.argv[1] not in ("write", "check"):
        sys.exit(__doc__)
    target = pathlib.Path(sys.argv[2])
    if sys.argv[1] == "write":
        write(target)
        return
    try:
        check(target)
    except (AssertionError, SafetensorError) as error:
        sys.exit(f"{target}: {error!r}")


if __name__ == "__main__":
    main()
