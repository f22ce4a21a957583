# right: backwards through the layers, recursion without a list
def receptive_field_of(module, seen=1):
    if isinstance(module, nn.Sequential):
        for layer in reversed(list(module)):
            seen = receptive_field_of(layer, seen)
        return seen
    if isinstance(module, POINTWISE):
        return seen
    if isinstance(module, (nn.Conv2d, nn.MaxPool2d, nn.AvgPool2d)):
        kernel, stride, dilation = (np.ravel(getattr(module, name, 1))[0].item() for name in ("kernel_size", "stride", "dilation"))
        return (seen - 1) * stride + dilation * (kernel - 1) + 1
    raise ValueError(f"receptive_field_of: {type(module).__name__}")
