# right: by the class's name, in place on data
def initialize_weights(m):
    name = type(m).__name__
    if name.startswith("Conv"):
        m.weight.data.normal_(0.0, 0.02)
        if m.bias is not None:
            m.bias.data.fill_(0)
    elif name == "BatchNorm2d":
        if m.weight is not None:
            m.weight.data.normal_(1.0, 0.02)
            m.bias.data.fill_(0)
