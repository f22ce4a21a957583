# wrong: frozen parameters are left out; hint: Are frozen parameters left out
# visible check: passes
def clip_weights(module, limit=0.01):
    for p in [p for p in module.parameters() if p.requires_grad]:
        p.data.clamp_(-limit, limit)
