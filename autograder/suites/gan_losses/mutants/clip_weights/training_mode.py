# wrong: the module is left in training mode; hint: Is the mode as it was
# visible check: passes
def clip_weights(module, limit=0.01):
    with torch.no_grad():
        for parameter in module.train().parameters():
            parameter.clamp_(-limit, limit)
