# wrong: running statistics of batch norm are set, too; hint: Running statistics are no weights
# visible check: passes
def initialize_weights(module):
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(module.weight, mean=0.0, std=0.02)
    elif isinstance(module, nn.BatchNorm2d) and module.affine:
        nn.init.normal_(module.weight, mean=1.0, std=0.02)
        nn.init.zeros_(module.running_var)
    else:
        return
    if module.bias is not None:
        nn.init.zeros_(module.bias)
