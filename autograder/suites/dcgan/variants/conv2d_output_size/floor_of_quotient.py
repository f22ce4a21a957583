# right: math.floor, checks the result
import math
def conv2d_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    if size < 1 or kernel_size < 1 or stride < 1 or dilation < 1 or padding < 0:
        raise ValueError("impossible")
    n = math.floor((size + 2 * padding - dilation * (kernel_size - 1) - 1) / stride + 1)
    if n < 1:
        raise ValueError("impossible")
    return n
