# right: other numbers behind the same parameter
def clip_weights(module, limit=0.01):
    for p in module.parameters():
        p.data = torch.clamp(p.data, -limit, limit)
