# right: computed and returned in float64
def discriminator_loss(real_logits, fake_logits):
    real, fake = F.softplus(-real_logits.double()), F.softplus(fake_logits.double())
    return real.mean() / 2 + fake.mean() / 2
