# wrong: the parameters of parts, not those of the module itself; hint: module's own parameters
# visible check: passes
def clip_weights(module, limit=0.01):
    with torch.no_grad():
        for parameter in (p for part in module.children() for p in part.parameters()):
            parameter.clamp_(-limit, limit)
