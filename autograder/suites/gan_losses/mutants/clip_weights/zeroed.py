# wrong: what is too large becomes zero; hint: go to the limit
# visible check: fails
def clip_weights(module, limit=0.01):
    for p in module.parameters():
        p.data[p.data.abs() > limit] = 0
