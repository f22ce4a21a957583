# right: clipped copies, copied back
def clip_weights(module, limit=0.01):
    for _, p in module.named_parameters():
        clipped = p.detach().clip(-limit, limit)
        with torch.no_grad():
            p.copy_(clipped)
