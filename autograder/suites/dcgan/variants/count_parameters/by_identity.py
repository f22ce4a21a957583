# right: state_dict without tensors seen before, parameters only
def count_parameters(module, trainable_only=True):
    seen = {}
    for name, tensor in module.state_dict(keep_vars=True).items():
        if isinstance(tensor, nn.Parameter):
            seen[id(tensor)] = tensor
    return sum(int(np.prod(t.shape)) for t in seen.values() if t.requires_grad or not trainable_only)
