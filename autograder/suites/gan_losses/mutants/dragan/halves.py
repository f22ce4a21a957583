# wrong: the average of both terms; hint: average the two terms
# visible check: fails
def dragan_discriminator_loss(real_logits, fake_logits, penalty, weight=10.0):
    bce = F.binary_cross_entropy_with_logits
    real = bce(real_logits, torch.ones(len(real_logits)))
    fake = bce(fake_logits, torch.zeros(len(fake_logits)))
    return (real + fake) / 2 + weight * penalty


def dragan_generator_loss(fake_logits):
    return F.binary_cross_entropy_with_logits(fake_logits, torch.ones(len(fake_logits)))
