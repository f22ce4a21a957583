# wrong: later dabs paint over earlier ones; hint: kernels add up
# visible check: fails
def transposed_convolution(x, weight, stride=1, padding=0):
    n, c, h, w = x.shape
    kh, kw = weight.shape[-2:]
    out = x.new_zeros((n, weight.size(1), (h - 1) * stride + kh, (w - 1) * stride + kw))
    for row in range(h):
        for col in range(w):
            dab = torch.tensordot(x[:, :, row, col], weight, dims=1)
            out[:, :, row * stride : row * stride + kh, col * stride : col * stride + kw] = dab
    if padding > 0:
        out = out[:, :, padding:-padding, padding:-padding]
    return out
