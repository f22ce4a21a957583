# wrong: the same numbers in every layer; hint: seed a generator
# visible check: passes
def initialize_weights(module):
    match module:
        case nn.Conv2d() | nn.ConvTranspose2d():
            mean = 0.0
        case nn.BatchNorm2d(affine=True):
            mean = 1.0
        case _:
            return
    with torch.no_grad():
        module.weight.copy_(mean + 0.02 * torch.randn(module.weight.shape, generator=torch.Generator().manual_seed(1)))
        if module.bias is not None:
            module.bias.zero_()
