# wrong: frozen parameters thaw; hint: requires_grad as it was
# visible check: passes
def clip_weights(module, limit=0.01):
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.clamp_(-limit, limit).requires_grad_(True)
