# wrong: only the stride of the layer before counts; hint: or only the last of them
# visible check: fails
def receptive_field(layers):
    """Side of the square of input pixels that one output of a stack of convolutions can see.

    layers: (kernel_size, stride) of each layer, the one at the input first; no layer at all gives 1. Returns an int.
    Source: r_i = r_{i-1} + (k_i - 1) * (product of the strides before layer i), r_0 = 1.
    """
    field = 1  # an output of no layer at all is the pixel itself
    spacing = 1  # input pixels between two neighbours in front of this layer
    for kernel_size, stride in layers:
        field += (kernel_size - 1) * spacing
        spacing = stride
    return field
