# wrong: stride zeros behind the last pixel, too; hint: How large is the result
# visible check: fails
def transposed_convolution(x, weight, stride=1, padding=0):
    n, c, h, w = x.shape
    kh, kw = weight.shape[2], weight.shape[3]
    s = F.pad(x[:, :, :, None, :, None], (0, stride - 1, 0, 0, 0, stride - 1)).reshape(n, c, h * stride, w * stride)
    s = F.pad(s, [kw - 1, kw - 1, kh - 1, kh - 1])
    windows = s.unfold(2, kh, 1).unfold(3, kw, 1)
    full = torch.einsum("nchwij,coij->nohw", windows, weight.flip([2, 3]))
    return full[:, :, padding : full.size(2) - padding, padding : full.size(3) - padding]
