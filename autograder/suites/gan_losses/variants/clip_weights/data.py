# right: by .data
def clip_weights(module, limit=0.01):
    for p in module.parameters():
        p.data.clamp_(-limit, limit)
