"""What can be seen of a network of the student's own design: its layers and PyTorch's functions, by order of use.

Layers show classes and settings, functions show what is written without layers (F.max_pool2d, say). Both are looked
at, since each misses something: a layer whose weight a function uses is never called, a scripted one has no functions.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from torch import Tensor

from autograder.sandbox.matching import Leaf
from autograder.sandbox.proxy import RemoteModule, Submission

POOLS = (
    *(f"{kind}{size}d" for kind in ("MaxPool", "AvgPool", "AdaptiveAvgPool", "AdaptiveMaxPool") for size in (1, 2, 3)),
    *("LPPool1d", "LPPool2d", "FractionalMaxPool2d"),
)
POOLING = (
    *(f"{kind}_pool{size}d" for kind in ("max", "avg", "adaptive_avg", "adaptive_max", "lp") for size in (1, 2, 3)),
    *("fractional_max_pool2d", "max_pool2d_with_indices", "fractional_max_pool2d_with_indices"),
)
UPSAMPLERS = ("Upsample", "UpsamplingNearest2d", "UpsamplingBilinear2d", "PixelShuffle")
UPSAMPLING = ("interpolate", "upsample", "upsample_nearest", "upsample_bilinear", "pixel_shuffle", "repeat_interleave")
NORMS = ("_BatchNorm", "BatchNorm1d", "BatchNorm2d", "SyncBatchNorm")
NORMING = ("batch_norm", "native_batch_norm")
WEIGHING = (
    *("conv2d", "conv_transpose2d", "conv1d", "conv_transpose1d", "conv3d", "conv_transpose3d"),
    *("linear", "bilinear", "matmul", "addmm", "mm", "bmm", "einsum", "tensordot"),
)
BENDS = (
    *("LeakyReLU", "RReLU", "ReLU", "ReLU6", "PReLU", "ELU", "SELU", "CELU", "GELU", "SiLU", "Mish", "Softplus"),
    "Tanh",
)
BENDING = (
    *("leaky_relu", "leaky_relu_", "rrelu", "relu", "relu_", "relu6", "prelu", "elu", "selu", "celu", "gelu", "silu"),
    *("mish", "softplus", "tanh", "where", "maximum"),
)
BOUNDED = (
    *("sigmoid", "sigmoid_", "logsigmoid", "log_sigmoid", "tanh", "tanh_", "hardtanh", "hardtanh_", "hardsigmoid"),
    *("softmax", "log_softmax", "softplus", "softsign", "relu", "relu_", "relu6", "clamp", "clamp_", "exp"),
)


@dataclass(frozen=True)
class Layers:
    """The layers that ran, the functions that ran, both in order; and parameters that no layer showed."""

    leaves: list[Leaf]
    functions: list[str]
    shapes: dict[str, tuple[int, ...]]

    def has(self, kinds: Iterable[str], functions: Iterable[str]) -> bool:
        """Whether a layer of these classes ran, or one of these functions."""
        return bool(self.of(kinds)) or bool(set(functions) & set(self.functions))

    def of(self, kinds: Iterable[str]) -> list[Leaf]:
        """The layers of these classes."""
        return [leaf for leaf in self.leaves if set(kinds) & set(leaf.types)]

    def has_batch_norm(self) -> bool:
        """Whether a batch norm of pictures ran; a function does not tell of what, so other layers must be absent."""
        return bool(self.of(["BatchNorm2d"])) or (self.has([], NORMING) and not self.of(NORMS))

    def in_order(self) -> list[str]:
        """ "weight", "norm" and "bend" (an activation) in the order in which they ran.

        By functions, or by layers if those show more norms.
        """
        functions = {"norm": NORMING, "weight": WEIGHING, "bend": BENDING}
        kinds = {name: kind for kind, names in functions.items() for name in names}
        by_functions = [kinds[name] for name in self.functions if name in kinds]
        by_layers = [kind for kind in map(self._kind, self.leaves) if kind]
        return by_layers if by_layers.count("norm") > by_functions.count("norm") else by_functions

    def behind_the_last_weight(self) -> list[str]:
        """The functions behind the last layer with weights."""
        places = [place for place, name in enumerate(self.functions) if name in WEIGHING]
        return self.functions[places[-1] + 1 :] if places else []

    def _kind(self, leaf: Leaf) -> str:
        for kind, classes in (("norm", NORMS), ("bend", BENDS)):
            if set(classes) & set(leaf.types):
                return kind
        return "weight" if any(len(self.shapes.get(name, ())) >= 2 for name in leaf.parameters) else ""


def look_at(submission: Submission, module: RemoteModule, inputs: Tensor) -> Layers:
    """Run the network once and list what ran. WrongAnswer if it does not run."""
    leaves = module.leaves(inputs)
    names = [name.text() for name in submission.probe("Operations", module)(inputs).sequence()]
    return Layers(leaves, [name for name in names if not name.startswith("__")], module.parameter_shapes())
