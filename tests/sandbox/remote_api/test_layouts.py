"""Tensors of any layout cross the wall with their values."""

import pytest
import torch

from autograder.sandbox.worker import values

TENSORS = {
    "one expanded element": torch.tensor([2.0, 3.0])[1].expand(1, 1),  # the gradient of a sum over a batch of one
    "an expanded row": torch.arange(3.0).expand(2, 3),
    "transposed": torch.arange(6.0).reshape(2, 3).T,
    "every other": torch.arange(8)[1::2],
    "empty": torch.zeros(3, 0),
    "a scalar": torch.tensor(1.5, dtype=torch.float64),
    "half precision": torch.arange(3).to(torch.bfloat16),
    "conjugate": torch.tensor([1 + 2j]).conj(),
    "flags": torch.tensor([True, False]),
}


@pytest.mark.parametrize("tensor", TENSORS.values(), ids=TENSORS.keys())
def test_tensors_come_back_as_they_were(tensor):
    blobs = []
    packed = values.pack(tensor, blobs)
    got = values.unpack_tensor(packed, [bytearray(blob) for blob in blobs])
    assert got.dtype == tensor.dtype
    assert got.shape == tensor.shape
    assert torch.equal(got, tensor)
