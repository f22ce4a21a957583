# right: two cases, sums divided by the number of scores
def adversarial_loss(scores, is_real):
    if is_real:
        return (1 - scores).pow(2).sum() / scores.numel()
    return torch.sum(scores * scores) / scores.numel()
