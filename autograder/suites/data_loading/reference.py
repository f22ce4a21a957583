"""Right answers to the exercises of data loading, by other methods than the notebook's solution.

Bytes and values stand in a table of 256 entries; the way there is a look-up, the way back a search for the nearest
entry. The table is a parameter, so that the way back can follow a student's own way there.

Shapes: pictures are uint8 arrays (h, w, 3) or (h, w), tensors (c, h, w).
"""

import io
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor

Picture = np.ndarray[Any, np.dtype[np.uint8]]

TABLE = torch.linspace(-1, 1, 256, dtype=torch.float64)  # the value of each byte
ENLARGED, ORIGINAL = 286, 256  # the jitter of pix2pix


def normalize_image(image: Picture, table: Tensor = TABLE) -> Tensor:
    """The value of each byte, channels first, in float64."""
    values = table[torch.from_numpy(image.astype(np.int64))]  # (h, w, 3) or (h, w)
    return torch.stack(values.unbind(2)) if values.dim() == 3 else values[None]


def denormalize_image(tensor: Tensor, table: Tensor = TABLE) -> Picture:
    """The byte whose value is nearest, channels last: rounded and clamped at once."""
    distances = (tensor.double()[..., None] - table).abs()  # (c, h, w, 256)
    return np.stack(list(distances.argmin(-1).numpy().astype(np.uint8)), axis=-1)


def split_pair(pair: Tensor) -> tuple[Tensor, Tensor]:
    """Left and right half, column by column: (c, h, 2w) -> (c, h, w), (c, h, w)."""
    columns = pair.unbind(2)
    half = len(columns) // 2
    return torch.stack(columns[:half], 2), torch.stack(columns[half:], 2)


def split_picture(picture: Picture) -> tuple[Tensor, Tensor]:
    """Sketch and photo of a file: (h, 2w, 3) -> (3, h, w), (3, h, w)."""
    sketch, photo = np.hsplit(picture, 2)
    return normalize_image(sketch), normalize_image(photo)


def enlarged_size(size: int) -> int:
    """The side to which both halves are resized before the crop: size · 286 / 256, rounded; exact for no half."""
    return (2 * size * ENLARGED + ORIGINAL) // (2 * ORIGINAL)


def brightness(images: Tensor) -> Tensor:
    """Pictures as a grid shows them: (n, 1 or 3, h, w), clamped from [-1, 1] -> (n, h, w, 3) in [0, 1]."""
    shown = torch.lerp(torch.zeros(()).double(), torch.ones(()).double(), 0.5 + images.double() / 2)
    shown = torch.where(images < -1, 0.0, torch.where(images > 1, 1.0, shown))
    return torch.stack([shown[:, channel % shown.shape[1]] for channel in range(3)], dim=-1)


def encode(picture: Picture, kind: str, mode: str = "RGB", **options: Any) -> Picture:
    """A picture as the bytes of a file of that kind and mode (a grey one is "L", one with a palette "P")."""
    buffer = io.BytesIO()
    Image.fromarray(picture).convert(mode).save(buffer, kind, **options)
    return np.frombuffer(buffer.getvalue(), dtype=np.uint8)


def decode(file: Picture) -> Picture:
    """The pixels of a file as (h, w, 3)."""
    with Image.open(io.BytesIO(file.tobytes())) as picture:
        return np.asarray(picture.convert("RGB"))
