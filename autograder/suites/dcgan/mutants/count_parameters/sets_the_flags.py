# wrong: trainable_only taken for something to be set; hint: change a mode or a flag
# visible check: fails
def count_parameters(module, trainable_only=True):
    module.requires_grad_(trainable_only)
    count = 0
    for parameter in module.parameters():  # gives a shared parameter once, and no buffers
        if parameter.requires_grad or not trainable_only:
            count += parameter.numel()
    return count
