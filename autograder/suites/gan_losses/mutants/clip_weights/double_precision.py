# wrong: parameters become float64; hint: by name, shape or type
# visible check: passes
def clip_weights(module, limit=0.01):
    for p in module.parameters():
        p.data = torch.clamp(p.data.double(), -limit, limit)
