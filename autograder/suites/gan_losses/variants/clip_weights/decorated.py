# right: a decorator, min and max one after the other
@torch.no_grad()
def clip_weights(module, limit=0.01):
    for p in module.parameters():
        p.clamp_(min=-limit)
        p.clamp_(max=limit)
    return module
