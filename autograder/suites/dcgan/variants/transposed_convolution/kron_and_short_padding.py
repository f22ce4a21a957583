# right: zeros by a product with a one-hot block, padding k - 1 - p
def transposed_convolution(x, weight, stride=1, padding=0):
    block = torch.zeros(stride, stride, dtype=x.dtype)
    block[0, 0] = 1
    spread = torch.kron(x, block)
    if stride > 1:
        spread = spread[..., : 1 - stride, : 1 - stride]
    kh, kw = weight.shape[2:]
    spread = F.pad(spread, (kw - 1 - padding, kw - 1 - padding, kh - 1 - padding, kh - 1 - padding))
    return torch.conv2d(spread, torch.flip(weight, dims=(-2, -1)).permute(1, 0, 2, 3))
