# wrong: the whole parameter is scaled; hint: clipped one by one
# visible check: fails
def clip_weights(module, limit=0.01):
    for p in module.parameters():
        p.data.mul_(limit / p.data.abs().max().clamp(min=limit))
