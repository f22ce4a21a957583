# right: layer by layer, numpy's clip on shared memory
def clip_weights(module, limit=0.01):
    for p in module._parameters.values():
        if p is not None:
            numbers = p.detach().numpy()
            numbers.clip(-limit, limit, out=numbers)
    for child in module.children():
        clip_weights(child, limit)
