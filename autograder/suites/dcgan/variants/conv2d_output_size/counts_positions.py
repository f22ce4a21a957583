# right: counts the kernel's positions
def conv2d_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    for value in (size, kernel_size, stride, dilation):
        if value <= 0:
            raise ValueError(f"must be positive: {value}")
    if padding < 0:
        raise ValueError("padding must not be negative")
    reach = 1 + (kernel_size - 1) * dilation
    positions = len(range(0, size + 2 * padding - reach + 1, stride))
    if positions == 0:
        raise ValueError("kernel larger than picture")
    return positions
