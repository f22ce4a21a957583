# wrong: counts all unless told otherwise; hint: if nothing is said
# visible check: fails
def count_parameters(module, trainable_only=False):
    count = 0
    for parameter in module.parameters():  # gives a shared parameter once, and no buffers
        if parameter.requires_grad or not trainable_only:
            count += parameter.numel()
    return count
