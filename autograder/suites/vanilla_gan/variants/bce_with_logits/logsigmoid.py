# right: the formula of the text with logsigmoid, sum divided by the number of samples
def bce_with_logits(logits, targets):
    real_terms = targets * F.logsigmoid(logits)
    fake_terms = (1 - targets) * F.logsigmoid(-logits)
    return -(real_terms + fake_terms).sum() / logits.numel()
