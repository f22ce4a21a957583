# wrong: parameters of the same shape taken for shared; hint: hold the same numbers
# visible check: fails
def count_parameters(module, trainable_only=True):
    seen = {}
    for name, tensor in module.state_dict(keep_vars=True).items():
        if isinstance(tensor, nn.Parameter):
            seen[tuple(tensor.shape)] = tensor
    return sum(int(np.prod(t.shape)) for t in seen.values() if t.requires_grad or not trainable_only)
