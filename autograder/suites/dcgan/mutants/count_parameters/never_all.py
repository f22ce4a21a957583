# wrong: frozen ones never count; hint: count all of them
# visible check: fails
def count_parameters(module, trainable_only=True):
    count = 0
    for parameter in module.parameters():  # gives a shared parameter once, and no buffers
        if parameter.requires_grad:
            count += parameter.numel()
    return count
