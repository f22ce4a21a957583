# wrong: new parameters, which no optimizer knows; hint: An optimizer keeps the ones it was given
# visible check: fails
def clip_weights(module, limit=0.01):
    for p in module._parameters.values():
        if p is not None:
            numbers = p.detach().numpy()
            setattr(module, next(name for name, q in module._parameters.items() if q is p), nn.Parameter(torch.from_numpy(numbers.clip(-limit, limit))))
    for child in module.children():
        clip_weights(child, limit)
