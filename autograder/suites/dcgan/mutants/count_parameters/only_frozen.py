# wrong: counts the frozen ones if all are asked for; hint: frozen ones instead
# visible check: passes
def count_parameters(module, trainable_only=True):
    count = 0
    for parameter in module.parameters():  # gives a shared parameter once, and no buffers
        if parameter.requires_grad == trainable_only:
            count += parameter.numel()
    return count
