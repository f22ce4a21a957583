# wrong: dilation times the whole kernel; hint: kernel_size - 1 gaps
# visible check: fails
def conv_transpose2d_output_size(size, kernel_size, stride=1, padding=0, output_padding=0, dilation=1):
    spread = (size - 1) * stride + 1  # the pixels, stride apart
    reach = dilation * kernel_size  # what the kernel paints for one pixel
    return spread - 1 + reach - 2 * padding + output_padding
