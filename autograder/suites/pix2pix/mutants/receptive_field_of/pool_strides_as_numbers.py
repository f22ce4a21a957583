# wrong: only the kernel of a pool may be a pair; hint: a number or a pair of them
# visible check: passes
def receptive_field_of(module):
    """Receptive field of an nn.Sequential, which may hold others: Conv2d, MaxPool2d, AvgPool2d and POINTWISE layers.

    Dilation counts, padding does not. All kernels, strides and dilations are square. Returns an int.
    Errors: ValueError for any other layer.
    """

    def measure(layer):
        """(effective kernel_size, stride) of each layer in this one."""
        if isinstance(layer, nn.Sequential):
            return [pair for inner in layer for pair in measure(inner)]
        if isinstance(layer, POINTWISE):
            return []
        if not isinstance(layer, (nn.Conv2d, nn.MaxPool2d, nn.AvgPool2d)):
            raise ValueError(f"receptive_field_of: no rule for {type(layer).__name__}")
        dilation = getattr(layer, "dilation", 1)  # an average pool has none
        sizes = (layer.kernel_size, layer.stride, dilation)
        kernel_size, stride, dilation = (size[0] if isinstance(sizes[0], tuple) else size for size in sizes)
        return [(dilation * (kernel_size - 1) + 1, stride)]

    return receptive_field(measure(module))
