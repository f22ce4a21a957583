# right: settings by match, a generator that recurses
def receptive_field_of(module):
    def side(setting):
        return setting if isinstance(setting, int) else max(setting)

    def flatten(layer):
        match layer:
            case nn.Sequential():
                for child in layer:
                    yield from flatten(child)
            case nn.Conv2d() | nn.MaxPool2d():
                yield side(layer.dilation) * (side(layer.kernel_size) - 1) + 1, side(layer.stride)
            case nn.AvgPool2d():
                yield side(layer.kernel_size), side(layer.stride or layer.kernel_size)
            case _ if type(layer) in POINTWISE:
                pass
            case _:
                raise ValueError(f"unknown layer {type(layer)}")

    return receptive_field(list(flatten(module)))
