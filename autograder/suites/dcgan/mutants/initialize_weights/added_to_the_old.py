# wrong: added to what is there; hint: mean 0
# visible check: fails
def initialize_weights(module):
    match module:
        case nn.Conv2d() | nn.ConvTranspose2d():
            mean = 0.0
        case nn.BatchNorm2d(affine=True):
            mean = 1.0
        case _:
            return
    with torch.no_grad():
        module.weight.add_(mean + 0.02 * torch.randn_like(module.weight))
        if module.bias is not None:
            module.bias.zero_()
