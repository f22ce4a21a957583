# wrong: no more padding than the kernel is large; hint: How large is the result
# visible check: passes
def transposed_convolution(x, weight, stride=1, padding=0):
    n, in_channels, height, width = x.shape
    kernel_height, kernel_width = weight.shape[2:]
    spread = x.new_zeros(n, in_channels, (height - 1) * stride + 1, (width - 1) * stride + 1)
    spread[:, :, ::stride, ::stride] = x  # zeros between the pixels
    kernel = weight.transpose(0, 1)  # (out_channels, in_channels, kernel_height, kernel_width), as conv2d wants it
    kernel = kernel.flip(2, 3)  # conv2d gathers where this one scatters: the kernel turns round
    margin = (kernel_height - 1, kernel_width - 1)  # room for what is painted beyond the edge
    full = F.conv2d(spread, kernel, padding=margin)  # (n, out_channels, full height, full width)
    padding = min(padding, kernel_height - 1)
    bottom, right = full.shape[2] - padding, full.shape[3] - padding
    return full[:, :, padding:bottom, padding:right]  # padding takes away here
