# wrong: no upper limit; hint: limited from above
# visible check: fails
def clip_weights(module, limit=0.01):
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.clamp_(min=-limit)
