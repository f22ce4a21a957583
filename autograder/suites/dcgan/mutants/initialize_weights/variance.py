# wrong: 0.02 as a variance; hint: not the variance
# visible check: fails
def initialize_weights(module):
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(module.weight, mean=0.0, std=0.02**0.5)
    elif isinstance(module, nn.BatchNorm2d) and module.affine:
        nn.init.normal_(module.weight, mean=1.0, std=0.02)
    else:
        return
    if module.bias is not None:
        nn.init.zeros_(module.bias)
