# wrong: the mode taken for the flag; hint: the mode play a part
# visible check: passes
def count_parameters(module, trainable_only=True):
    """How many numbers a module can learn: shared parameters count once, buffers never.

    trainable_only: leave out parameters that are frozen (requires_grad is False).
    """
    count = 0
    for parameter in module.parameters():  # gives a shared parameter once, and no buffers
        if parameter.requires_grad and module.training or not trainable_only:
            count += parameter.numel()
    return count
