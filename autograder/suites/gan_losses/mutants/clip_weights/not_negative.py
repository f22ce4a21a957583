# wrong: negative weights become zero; hint: negative numbers kept
# visible check: fails
def clip_weights(module, limit=0.01):
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.clamp_(0, limit)
