"""The two networks, step by step, with the weights of their makers."""

from __future__ import annotations

from typing import Any

import numpy as np

from weights.onnx_file import Graph

Weights = dict[str, Any]

_HIDDEN = 128
_CONTEXT = 100


def segmentation(weights: Weights) -> bytes:
    """Write pyannote's segmentation-3.0: who of up to three speaks, in each frame."""
    graph = Graph()

    def evened(value: str, key: str) -> str:
        scale, shift = (
            graph.constant(weights[f"{key}.{end}"], is_exact=True) for end in ("weight", "bias")
        )
        return graph.step("InstanceNormalization", [value, scale, shift], epsilon=1e-5)

    value = evened("waveforms", "sincnet.wav_norm1d")
    prefix = "sincnet.conv1d.0.filterbank."
    bank = {
        key.removeprefix(prefix): array
        for key, array in weights.items()
        if key.startswith(prefix)
    }
    for layer in range(3):
        if layer == 0:
            filters = graph.constant(_band_filters(bank))
            value = graph.step("Abs", [graph.step("Conv", [value, filters], strides=[10])])
        else:
            key = f"sincnet.conv1d.{layer}"
            scale, shift = (graph.constant(weights[f"{key}.{end}"]) for end in _LINE)
            value = graph.step("Conv", [value, scale, shift])
        value = graph.step("MaxPool", [value], kernel_shape=[3], strides=[3])
        value = graph.step("LeakyRelu", [evened(value, f"sincnet.norm1d.{layer}")], alpha=0.01)
    value = graph.step("Transpose", [value], perm=[2, 0, 1])
    for layer in range(4):
        value = _lstm(graph, weights, value, layer)
    value = graph.step("Transpose", [value], perm=[1, 0, 2])
    for key in ("linear.0", "linear.1"):
        value = graph.step("LeakyRelu", [_line(graph, weights, value, key)], alpha=0.01)
    value = _line(graph, weights, value, "classifier")
    graph.result("Softmax", [value], "classes", axis=-1)
    return graph.model(
        "segmentation",
        ("waveforms", ("batch", 1, "samples")),
        ("classes", ("batch", "frames", 7)),
    )


_LINE = ("weight", "bias")


def _line(graph: Graph, weights: Weights, value: str, key: str) -> str:
    turned = graph.step("MatMul", [value, graph.constant(weights[f"{key}.weight"].T)])
    return graph.step("Add", [turned, graph.constant(weights[f"{key}.bias"])])


def _lstm(graph: Graph, weights: Weights, value: str, layer: int) -> str:
    # PyTorch orders the gates i f g o, ONNX i o f g.
    order = np.r_[
        0:_HIDDEN, 3 * _HIDDEN : 4 * _HIDDEN, _HIDDEN : 2 * _HIDDEN, 2 * _HIDDEN : 3 * _HIDDEN
    ]

    def both(part: str) -> list[Any]:
        return [weights[f"lstm.{part}_l{layer}{end}"][order] for end in ("", "_reverse")]

    biases = zip(both("bias_ih"), both("bias_hh"), strict=True)
    constants = (
        graph.constant(np.stack(both("weight_ih"))),
        graph.constant(np.stack(both("weight_hh"))),
        graph.constant(np.stack([np.concatenate(pair) for pair in biases])),
    )
    value = graph.step(
        "LSTM", [value, *constants], direction="bidirectional", hidden_size=_HIDDEN
    )
    value = graph.step("Transpose", [value], perm=[0, 2, 1, 3])
    return graph.step("Reshape", [value, graph.whole(0, 0, 2 * _HIDDEN)])


def _band_filters(bank: Weights) -> Any:
    """Give the 80 band-pass filters that the first layer's learnt edges stand for."""
    low = 50 + np.abs(bank["low_hz_"].astype(np.float64))
    high = np.clip(low + 50 + np.abs(bank["band_hz_"].astype(np.float64)), 50, 8_000)
    time, window = bank["n_"].astype(np.float64), bank["window_"].astype(np.float64)
    band = (high - low)[:, :1]

    def whole(left: Any, centre: Any, sign: int) -> Any:
        return np.concatenate([left, centre, sign * left[:, ::-1]], 1) / (2 * band)

    even = (np.sin(high @ time) - np.sin(low @ time)) / (time / 2) * window
    odd = (np.cos(low @ time) - np.cos(high @ time)) / (time / 2) * window
    filters = np.concatenate([whole(even, 2 * band, 1), whole(odd, 0 * band, -1)])
    return filters[:, None].astype(np.float32)


class _Encoder:
    """CAM++ being written down; each normalisation is folded into what stands before it."""

    def __init__(self, weights: Weights) -> None:
        self.graph = Graph()
        self._weights = weights

    def folded(self, key: str, *, is_affine: bool = True) -> tuple[Any, Any]:
        """Give scale and shift of a normalisation."""
        weights = self._weights
        scale = 1 / np.sqrt(weights[key + ".running_var"].astype(np.float64) + 1e-5)
        shift = -weights[key + ".running_mean"] * scale
        if is_affine:
            scale, shift = (
                scale * weights[key + ".weight"],
                shift * weights[key + ".weight"] + weights[key + ".bias"],
            )
        return scale, shift

    def conv(
        self, value: str, key: str, norm: str = "", *, is_affine: bool = True, **how: Any
    ) -> str:
        """Add a convolution, and the normalisation behind it."""
        kernel = self._weights[key + ".weight"].astype(np.float64)
        bias = self._weights.get(key + ".bias", np.zeros(len(kernel))).astype(np.float64)
        if norm:
            scale, shift = self.folded(norm, is_affine=is_affine)
            kernel = kernel * scale.reshape(-1, *[1] * (kernel.ndim - 1))
            bias = bias * scale + shift
        constants = (
            self.graph.constant(kernel.astype(np.float32)),
            self.graph.constant(bias.astype(np.float32)),
        )
        return self.graph.step("Conv", [value, *constants], **how)

    def relu(self, value: str) -> str:
        """Cut off what is below nothing."""
        return self.graph.step("Relu", [value])

    def evened(self, value: str, key: str) -> str:
        """Add a normalisation that stands alone, and cut off what is below nothing."""
        scale, shift = (part.astype(np.float32)[None, :, None] for part in self.folded(key))
        product = self.graph.step("Mul", [value, self.graph.constant(scale, is_exact=True)])
        shifted = self.graph.constant(shift, is_exact=True)
        return self.relu(self.graph.step("Add", [product, shifted]))

    def block(self, value: str, key: str, stride: int) -> str:
        """Add one residual block of the head."""
        pads = [1, 1, 1, 1]
        inner = self.conv(value, f"{key}.conv1", f"{key}.bn1", strides=[stride, 1], pads=pads)
        inner = self.conv(self.relu(inner), f"{key}.conv2", f"{key}.bn2", pads=pads)
        if f"{key}.shortcut.0.weight" in self._weights:
            value = self.conv(
                value, f"{key}.shortcut.0", f"{key}.shortcut.1", strides=[stride, 1]
            )
        return self.relu(self.graph.step("Add", [inner, value]))


def encoder(weights: Weights) -> bytes:
    """Write CAM++: the voice heard in some seconds of mel energies."""
    net = _Encoder(weights)
    graph = net.graph
    pads = [1, 1, 1, 1]
    value = graph.step("Transpose", ["fbank"], perm=[0, 2, 1])
    value = graph.step("Unsqueeze", [value, graph.whole(1)])
    value = net.relu(net.conv(value, "head.conv1", "head.bn1", pads=pads))
    for layer in ("head.layer1", "head.layer2"):
        for place, stride in ((0, 2), (1, 1)):
            value = net.block(value, f"{layer}.{place}", stride)
    value = net.relu(net.conv(value, "head.conv2", "head.bn2", strides=[2, 1], pads=pads))
    value = graph.step("Reshape", [value, graph.whole(0, 320, -1)])
    norm = "xvector.tdnn.nonlinear.batchnorm"
    value = net.relu(net.conv(value, "xvector.tdnn.linear", norm, strides=[2], pads=[2, 2]))
    shape = graph.step("Shape", [value])
    length = graph.step("Slice", [shape, graph.whole(2), graph.whole(3)])
    zero, axis = graph.whole(0), graph.whole(2)
    stretch = graph.constant(np.array([1, 1, _CONTEXT], np.float32))
    for number, (layers, dilation) in enumerate(((12, 1), (24, 2), (16, 2)), start=1):
        for layer in range(1, layers + 1):
            key = f"xvector.block{number}.tdnnd{layer}"
            inner = net.evened(value, f"{key}.nonlinear1.batchnorm")
            inner = net.conv(inner, f"{key}.linear1", f"{key}.nonlinear2.batchnorm")
            inner = net.relu(inner)
            cam = f"{key}.cam_layer"
            local = net.conv(
                inner, f"{cam}.linear_local", dilations=[dilation], pads=[dilation] * 2
            )
            mean = graph.step("ReduceMean", [inner], axes=[2], keepdims=1)
            near = graph.step(
                "AveragePool",
                [inner],
                kernel_shape=[_CONTEXT],
                strides=[_CONTEXT],
                ceil_mode=1,
            )
            mask = net.relu(net.conv(graph.step("Add", [mean, near]), f"{cam}.linear1"))
            mask = graph.step("Sigmoid", [net.conv(mask, f"{cam}.linear2")])
            mask = graph.step(
                "Resize",
                [mask, "", stretch],
                mode="nearest",
                coordinate_transformation_mode="asymmetric",
                nearest_mode="floor",
            )
            mask = graph.step("Slice", [mask, zero, length, axis])
            value = graph.step("Concat", [value, graph.step("Mul", [local, mask])], axis=1)
        key = f"xvector.transit{number}"
        value = net.evened(value, f"{key}.nonlinear.batchnorm")
        last = "xvector.out_nonlinear.batchnorm" if number == 3 else ""
        value = net.conv(value, f"{key}.linear", last)
    return _pooled(net, net.relu(value), axis, length)


def _pooled(net: _Encoder, value: str, axis: str, length: str) -> bytes:
    graph = net.graph
    mean = graph.step("ReduceMean", [value], axes=[2], keepdims=1)
    apart = graph.step("Sub", [value, mean])
    total = graph.step("ReduceSum", [graph.step("Mul", [apart, apart]), axis], keepdims=1)
    fewer = graph.step("Cast", [graph.step("Sub", [length, graph.whole(1)])], to=1)
    spread = graph.step("Sqrt", [graph.step("Div", [total, fewer])])
    value = graph.step("Concat", [mean, spread], axis=1)
    norm = "xvector.dense.nonlinear.batchnorm"
    value = net.conv(value, "xvector.dense.linear", norm, is_affine=False)
    graph.result("Squeeze", [value, axis], "embedding")
    return graph.model(
        "encoder",
        ("fbank", ("batch", "frames", 80)),
        ("embedding", ("batch", 192)),
    )
