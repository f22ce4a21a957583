# wrong: no lower limit; hint: limited from below
# visible check: fails
def clip_weights(module, limit=0.01):
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.clamp_(max=limit)
