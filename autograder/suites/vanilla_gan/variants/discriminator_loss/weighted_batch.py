# right: both batches glued together, each sample weighted by its own batch
def discriminator_loss(real_logits, fake_logits):
    n, m = len(real_logits), len(fake_logits)
    logits = torch.cat([real_logits, fake_logits])
    targets = torch.cat([torch.ones(n), torch.zeros(m)]).to(logits)
    weights = torch.cat([torch.full((n,), 0.5 / n), torch.full((m,), 0.5 / m)]).to(logits)
    return F.binary_cross_entropy_with_logits(logits, targets, weight=weights, reduction="sum")
