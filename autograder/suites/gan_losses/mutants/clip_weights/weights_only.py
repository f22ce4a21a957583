# wrong: biases are left out; hint: biases
# visible check: fails
def clip_weights(module, limit=0.01):
    for _, p in [pair for pair in module.named_parameters() if 'weight' in pair[0]]:
        clipped = p.detach().clip(-limit, limit)
        with torch.no_grad():
            p.copy_(clipped)
