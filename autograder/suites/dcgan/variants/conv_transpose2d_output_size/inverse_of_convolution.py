# right: the smallest size from which the convolution comes back
def conv_transpose2d_output_size(size, kernel_size, stride=1, padding=0, output_padding=0, dilation=1):
    back = lambda n: (n + 2 * padding - dilation * (kernel_size - 1) - 1) // stride + 1
    n = 1 - 2 * padding
    while back(n) != size:
        n += 1
    return n + output_padding
