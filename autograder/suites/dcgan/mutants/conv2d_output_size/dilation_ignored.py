# wrong: dilation left out; hint: dilation left out
# visible check: fails
def conv2d_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    if min(size, kernel_size, stride, dilation) < 1 or padding < 0:
        raise ValueError("size, kernel_size, stride and dilation are at least 1, padding at least 0")
    reach = kernel_size  # from the kernel's first pixel to its last, gaps included
    room = size + 2 * padding - reach  # how far the kernel can move
    if room < 0:
        raise ValueError(f"the kernel reaches over {reach} pixels, the padded picture has {size + 2 * padding}")
    return room // stride + 1
