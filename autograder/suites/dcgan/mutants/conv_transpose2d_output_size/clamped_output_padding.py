# wrong: never more than one pixel of output padding; hint: expected PyTorch's size
# visible check: passes
def conv_transpose2d_output_size(size, kernel_size, stride=1, padding=0, output_padding=0, dilation=1):
    last = 0
    for pixel in range(size):
        for tap in range(kernel_size):
            last = max(last, pixel * stride + tap * dilation)
    canvas = last + 1
    return canvas - padding - padding + min(output_padding, 1)
