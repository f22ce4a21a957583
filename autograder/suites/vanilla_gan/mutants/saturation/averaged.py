# wrong: divided by the batch; hint: Each sample counts by itself
# visible check: fails
def saturation(logits):
    s = logits.detach().clone().requires_grad_(True)
    (minimax,) = torch.autograd.grad(F.logsigmoid(-s).mean(), s)
    (non_saturating,) = torch.autograd.grad(-F.logsigmoid(s).sum(), s)
    return minimax, non_saturating
