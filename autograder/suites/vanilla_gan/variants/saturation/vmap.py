# right: torch.func, a gradient for each sample
from torch.func import grad, vmap


def saturation(logits):
    minimax = vmap(grad(lambda s: -F.softplus(s)))
    non_saturating = vmap(grad(lambda s: F.softplus(-s)))
    return minimax(logits), non_saturating(logits)
