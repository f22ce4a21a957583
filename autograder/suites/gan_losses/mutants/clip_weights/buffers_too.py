# wrong: running statistics are clipped as well; hint: which are buffers
# visible check: passes
def clip_weights(module, limit=0.01):
    with torch.no_grad():
        for parameter in [*module.parameters(), *[b for b in module.buffers() if b.is_floating_point()]]:
            parameter.clamp_(-limit, limit)
