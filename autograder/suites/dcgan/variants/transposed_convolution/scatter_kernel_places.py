# right: scatter, one place of the kernel after the other
def transposed_convolution(x, weight, stride=1, padding=0):
    n, _, h, w = x.shape
    _, out_channels, kh, kw = weight.shape
    H, W = (h - 1) * stride + kh, (w - 1) * stride + kw
    canvas = torch.zeros(n, out_channels, H, W, dtype=x.dtype, device=x.device)
    for i in range(kh):
        for j in range(kw):
            canvas[:, :, i : i + (h - 1) * stride + 1 : stride, j : j + (w - 1) * stride + 1 : stride] += torch.einsum(
                "nchw,co->nohw", x, weight[:, :, i, j]
            )
    return canvas[:, :, padding : H - padding, padding : W - padding]
