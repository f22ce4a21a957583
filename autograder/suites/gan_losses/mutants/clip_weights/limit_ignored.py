# wrong: always 0.01; hint: Is the limit used that is given
# visible check: fails
def clip_weights(module, limit=0.01):
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.clamp_(-0.01, 0.01)
