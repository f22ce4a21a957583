# wrong: only what is called weight or bias; hint: by any name
# visible check: passes
def clip_weights(module, limit=0.01):
    with torch.no_grad():
        for parameter in (p for name, p in module.named_parameters() if name.endswith(("weight", "bias"))):
            parameter.clamp_(-limit, limit)
