# wrong: a clipped copy is thrown away; hint: Did anything change at all
# visible check: fails
def clip_weights(module, limit=0.01):
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.clamp(-limit, limit)
