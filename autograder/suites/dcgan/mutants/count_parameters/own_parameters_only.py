# wrong: nested modules left out; hint: inside of the module
# visible check: fails
def count_parameters(module, trainable_only=True):
    count = 0
    for parameter in module.parameters(recurse=False):  # gives a shared parameter once, and no buffers
        if parameter.requires_grad or not trainable_only:
            count += parameter.numel()
    return count
