# wrong: dilation and output_padding in the wrong order of arguments; hint: change places
# visible check: passes
def conv_transpose2d_output_size(size, kernel_size, stride=1, padding=0, dilation=1, output_padding=0):
    return (size - 1) * stride - 2 * padding + dilation * (kernel_size - 1) + output_padding + 1
