# wrong: only parameters called weight; hint: Are biases counted
# visible check: fails
def count_parameters(module, trainable_only=True):
    count = 0
    for parameter in (p for name, p in module.named_parameters() if 'weight' in name):
        if parameter.requires_grad or not trainable_only:
            count += parameter.numel()
    return count
