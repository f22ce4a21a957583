# wrong: another default; hint: Which limit holds
# visible check: fails
def clip_weights(module, limit=0.1):
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.clamp_(-limit, limit)
