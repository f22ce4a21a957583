# right: two softplus terms in one expression
def bce_with_logits(logits, targets):
    return (targets * F.softplus(-logits) + (1 - targets) * F.softplus(logits)).mean()
