# wrong: gradients are thrown away; hint: Weights are clipped, not gradients
# visible check: passes
def clip_weights(module, limit=0.01):
    for p in module.parameters():
        p.data.clamp_(-limit, limit); p.grad = None
