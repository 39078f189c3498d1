"""The encoder as an ONNX graph over the packed 4-bit weights.

onnxruntime's `MatMulNBits` multiplies the blocks as they are packed, with activations of 8 bits: the same
arithmetic as the package's own engine, whose vectors it reproduces (cosine 0.9999), in a third of the time.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from .weights import BLOCK, Weights

_MS = "com.microsoft"
MIDDLE = (7, 9)
"""Layers, counted from 0, whose means are given out beside the last one's: they tell what is asked about what."""


def encoder(weights: Weights) -> ModelProto:
    """Inputs `ids` and `position` (texts, tokens); outputs `vector` and the means of `MIDDLE` (texts, hidden).

    Each row of `vector` is of length 1. The means (`layer7`, ...) are as they come.
    """
    return _Drawing(weights).model()


class _Drawing:
    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._nodes: list[NodeProto] = []
        self._constants: list[TensorProto] = []

    def model(self) -> ModelProto:
        state = self._embedding()
        tokens = self._constant("tokens", np.array([1], dtype=np.int64))
        for layer in range(self._weights.layers):
            state = self._layer(f"l{layer}.", state)
            if layer in MIDDLE:
                self._nodes.append(helper.make_node("ReduceMean", [state, tokens], [f"layer{layer}"], keepdims=0))
        mean = self._node("ReduceMean", [state, tokens], keepdims=0)
        self._nodes.append(helper.make_node("LpNormalization", [mean], ["vector"], axis=-1, p=2))
        given = [helper.make_tensor_value_info(n, TensorProto.INT64, ["texts", "tokens"]) for n in ("ids", "position")]
        names = [*(f"layer{layer}" for layer in MIDDLE), "vector"]
        results = [helper.make_tensor_value_info(n, TensorProto.FLOAT, ["texts", self._weights.hidden]) for n in names]
        graph = helper.make_graph(self._nodes, "e5", given, results, self._constants)
        versions = [helper.make_opsetid("", 18), helper.make_opsetid(_MS, 1)]
        return helper.make_model(graph, opset_imports=versions, ir_version=9)

    def _embedding(self) -> str:
        hidden = self._weights.hidden
        codes, scales = self._weights.matrix("emb.word", hidden)
        rows = self._constant("emb.word", codes.reshape(len(codes), -1))
        word = self._node(
            "GatherBlockQuantized",
            [rows, "ids", self._constant("emb.scales", scales)],
            _MS,
            bits=4,
            block_size=BLOCK,
            gather_axis=0,
            quantize_axis=1,
        )
        places = self._weights.vector("emb.pos").reshape(-1, hidden) + self._weights.vector("emb.type")[:hidden]
        place = self._node("Gather", [self._constant("emb.places", places), "position"])
        both = self._node("Add", [word, place])
        norm = [self._floats("emb.ln.w"), self._floats("emb.ln.b")]
        return self._node("LayerNormalization", [both, *norm], axis=-1, epsilon=self._weights.epsilon)

    def _layer(self, name: str, state: str) -> str:
        hidden, inner = self._weights.hidden, self._weights.inner
        views = [self._times(state, name + view, hidden, hidden) for view in "qkv"]
        seen = self._node("MultiHeadAttention", views, _MS, num_heads=self._weights.heads)
        state = self._sum(self._times(seen, f"{name}ao", hidden, hidden), state, f"{name}aln")
        middle = self._node("Gelu", [self._times(state, f"{name}fi", hidden, inner)], _MS)
        return self._sum(self._times(middle, f"{name}fo", inner, hidden), state, f"{name}oln")

    def _times(self, state: str, name: str, columns: int, rows: int) -> str:
        codes, scales = self._weights.matrix(f"{name}.w", columns)
        constants = [self._constant(f"{name}.w", codes), self._constant(f"{name}.s", scales.reshape(-1))]
        return self._node(
            "MatMulNBits",
            [state, *constants, "", "", self._floats(f"{name}.b")],
            _MS,
            K=columns,
            N=rows,
            bits=4,
            block_size=BLOCK,
            accuracy_level=4,  # activations of 8 bits
        )

    def _sum(self, new: str, state: str, norm: str) -> str:
        constants = [self._floats(f"{norm}.w"), self._floats(f"{norm}.b")]
        return self._node("SkipLayerNormalization", [new, state, *constants], _MS, epsilon=self._weights.epsilon)

    def _floats(self, name: str) -> str:
        return self._constant(name, self._weights.vector(name))

    def _constant(self, name: str, value: NDArray[Any]) -> str:
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def _node(self, kind: str, inputs: list[str], domain: str = "", **settings: Any) -> str:
        result = f"n{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, inputs, [result], domain=domain, **settings))
        return result
