# wrong: every layer that has weights of one dimension; hint: for every layer there is
# visible check: passes
def initialize_weights(module):
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(module.weight, mean=0.0, std=0.02)
    elif getattr(module, "weight", None) is not None and module.weight.dim() == 1:
        nn.init.normal_(module.weight, mean=1.0, std=0.02)
    else:
        return
    if module.bias is not None:
        nn.init.zeros_(module.bias)
