# right: as tutorials have it: find in the name, nn.init
def initialize_weights(m):
    classname = m.__class__.__name__
    if classname.find("Conv") != -1:
        nn.init.normal_(m.weight.data, 0.0, 0.02)
    elif classname.find("BatchNorm") != -1 and m.affine:
        nn.init.normal_(m.weight.data, 1.0, 0.02)
    else:
        return m
    if m.bias is not None:
        nn.init.constant_(m.bias.data, 0)
    return m
