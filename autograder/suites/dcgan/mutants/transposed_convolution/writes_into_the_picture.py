# wrong: uses x up; hint: write into x or weight
# visible check: fails
def transposed_convolution(x, weight, stride=1, padding=0):
    """What F.conv_transpose2d(x, weight, stride=stride, padding=padding) gives, by hand.

    Shapes: x (n, in_channels, h, w), weight (in_channels, out_channels, kernel_height, kernel_width)
    -> (n, out_channels, (h - 1) * stride - 2 * padding + kernel_height, the same for w), of x's dtype.
    """
    n, in_channels, height, width = x.shape
    kernel_height, kernel_width = weight.shape[2:]
    spread = x.new_zeros(n, in_channels, (height - 1) * stride + 1, (width - 1) * stride + 1)
    spread[:, :, ::stride, ::stride] = x  # zeros between the pixels
    kernel = weight.transpose(0, 1)  # (out_channels, in_channels, kernel_height, kernel_width), as conv2d wants it
    kernel = kernel.flip(2, 3)  # conv2d gathers where this one scatters: the kernel turns round
    margin = (kernel_height - 1, kernel_width - 1)  # room for what is painted beyond the edge
    full = F.conv2d(spread, kernel, padding=margin)  # (n, out_channels, full height, full width)
    bottom, right = full.shape[2] - padding, full.shape[3] - padding
    x.data.zero_()
    return full[:, :, padding:bottom, padding:right]  # padding takes away here
