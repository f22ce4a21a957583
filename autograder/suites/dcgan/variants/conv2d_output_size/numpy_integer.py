# right: NumPy, returns a NumPy integer
def conv2d_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    settings = np.array([size, kernel_size, stride, dilation])
    padded = size + 2 * padding
    kernel = dilation * (kernel_size - 1) + 1
    if (settings < 1).any() or padding < 0 or kernel > padded:
        raise ValueError("no such convolution")
    return np.int64(np.floor_divide(padded - kernel, stride) + 1)
