# right: named_modules() with repetitions, its own arithmetic
def receptive_field_of(module):
    def first(value):
        return value[0] if isinstance(value, (tuple, list)) else value

    r, jump = 1, 1
    for _, layer in module.named_modules(remove_duplicate=False):
        if isinstance(layer, nn.Sequential) or isinstance(layer, POINTWISE):
            continue
        if not isinstance(layer, (nn.Conv2d, nn.AvgPool2d, nn.MaxPool2d)):
            raise ValueError(f"{layer}?")
        k, s, d = first(layer.kernel_size), first(layer.stride), first(getattr(layer, "dilation", 1))
        r += d * (k - 1) * jump
        jump *= s
    return r
