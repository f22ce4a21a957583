# wrong: the dilation of a max pool is left out; hint: Does the dilation count
# visible check: passes
def receptive_field_of(module):
    def measure(layer):
        if isinstance(layer, nn.Sequential):
            return [pair for inner in layer for pair in measure(inner)]
        if isinstance(layer, POINTWISE):
            return []
        if not isinstance(layer, (nn.Conv2d, nn.MaxPool2d, nn.AvgPool2d)):
            raise ValueError(f"receptive_field_of: no rule for {type(layer).__name__}")
        dilation = layer.dilation if isinstance(layer, nn.Conv2d) else 1
        sizes = (layer.kernel_size, layer.stride, dilation)
        kernel_size, stride, dilation = (size[0] if isinstance(size, tuple) else size for size in sizes)
        return [(dilation * (kernel_size - 1) + 1, stride)]

    return receptive_field(measure(module))
