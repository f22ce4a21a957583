# wrong: frozen ones always count; hint: Are only trainable
# visible check: fails
def count_parameters(module, trainable_only=True):
    count = 0
    for parameter in module.parameters():  # gives a shared parameter once, and no buffers
        if True:
            count += parameter.numel()
    return count
