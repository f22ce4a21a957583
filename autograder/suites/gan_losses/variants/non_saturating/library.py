# right: one function with targets
def _bce(logits, target):
    targets = torch.full((len(logits),), target)
    return F.binary_cross_entropy_with_logits(logits, targets, reduction="sum") / len(logits)


def non_saturating_discriminator_loss(real_logits, fake_logits):
    return _bce(real_logits, 1.0) + _bce(fake_logits, 0.0)


def non_saturating_generator_loss(fake_logits):
    return _bce(fake_logits, 1.0)
