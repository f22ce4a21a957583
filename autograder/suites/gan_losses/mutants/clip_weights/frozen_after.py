# wrong: parameters are frozen for good; hint: requires_grad as it was
# visible check: fails
def clip_weights(module, limit=0.01):
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.requires_grad_(False).clamp_(-limit, limit)
