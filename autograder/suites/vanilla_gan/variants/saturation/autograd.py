# right: autograd over a sum of single losses
def saturation(logits):
    s = logits.detach().clone().requires_grad_(True)
    (minimax,) = torch.autograd.grad(F.logsigmoid(-s).sum(), s)
    (non_saturating,) = torch.autograd.grad(-F.logsigmoid(s).sum(), s)
    return minimax, non_saturating
