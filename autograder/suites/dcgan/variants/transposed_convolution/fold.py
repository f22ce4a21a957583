# right: matrix product and F.fold
def transposed_convolution(x, weight, stride=1, padding=0):
    n, c, h, w = x.shape
    kernel = weight.shape[2:]
    columns = weight.flatten(1).T @ x.flatten(2)  # (n, out * kh * kw, h * w)
    size = [(length - 1) * stride - 2 * padding + k for length, k in zip((h, w), kernel)]
    return F.fold(columns, size, kernel, stride=stride, padding=padding)
