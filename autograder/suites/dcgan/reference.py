"""Right answers to the DCGAN's small exercises, by other methods than the notebook's solution.

Sizes are what PyTorch's own layers give on the meta device, transposed convolution is the adjoint of convolution in
float64, interpolation turns an orthonormal pair. The networks stand in `networks`.
"""

import torch
import torch.nn.functional as F
from torch import Tensor


def conv2d_output_size(size: int, kernel_size: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    """Pixels along one side after nn.Conv2d, for settings that it accepts."""
    picture, kernel = _square(size), _square(kernel_size)
    return F.conv2d(picture, kernel, None, stride, padding, dilation).shape[-1]


def conv_transpose2d_output_size(
    size: int, kernel_size: int, stride: int = 1, padding: int = 0, output_padding: int = 0, dilation: int = 1
) -> int:
    """Pixels along one side after nn.ConvTranspose2d, for settings that it accepts."""
    picture, kernel = _square(size), _square(kernel_size)
    return F.conv_transpose2d(picture, kernel, None, stride, padding, output_padding, 1, dilation).shape[-1]


def transposed_convolution(x: Tensor, weight: Tensor, stride: int = 1, padding: int = 0) -> Tensor:
    """The gradient of the convolution with this kernel, stride and padding that maps the result onto `x`.

    Shapes: x (n, in_channels, h, w), weight (in_channels, out_channels, kernel_h, kernel_w) -> (n, out_channels, H, W).
    """
    sides = [
        (length - 1) * stride - 2 * padding + kernel
        for length, kernel in zip(x.shape[2:], weight.shape[2:], strict=True)
    ]
    picture = x.new_zeros((len(x), weight.shape[1], *sides), dtype=torch.float64)
    with torch.enable_grad():
        leaf = picture.requires_grad_()
        forward = F.conv2d(leaf, weight.double(), None, stride, padding)
        (result,) = torch.autograd.grad(forward, leaf, x.double(), create_graph=True)
    return result


def interpolate_noise(start: Tensor, end: Tensor, steps: int) -> Tensor:
    """Weights sin((1 − t)ω)/sin ω and sin tω/sin ω of the vectors as they are, for shares t of their angle ω.

    ω by its tangent, the first weight as cos tω − cot ω · sin tω. Shapes: (d,), (d,) -> (steps, d).
    """
    start, end = start.double(), end.double()
    u, v = start / start.norm(), end / end.norm()
    across = v - (u @ v) * u  # its length is sin ω
    angle = torch.atan2(across.norm(), u @ v)
    turned = torch.arange(steps, dtype=torch.float64)[:, None] * angle / (steps - 1)  # (steps, 1)
    share = turned.sin() / angle.sin()
    return (turned.cos() - share * angle.cos()) * start + share * end


def _square(side: int) -> Tensor:
    return torch.empty(1, 1, side, side, device="meta")
