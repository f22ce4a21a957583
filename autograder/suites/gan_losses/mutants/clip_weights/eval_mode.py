# wrong: the module is left in eval mode; hint: needs no eval mode
# visible check: passes
def clip_weights(module, limit=0.01):
    with torch.no_grad():
        for parameter in module.eval().parameters():
            parameter.clamp_(-limit, limit)
