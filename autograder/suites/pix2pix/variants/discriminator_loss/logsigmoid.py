# right: log-sigmoids, halves first
def discriminator_loss(real_logits, fake_logits):
    real, fake = -F.logsigmoid(real_logits), -F.logsigmoid(-fake_logits)
    return real.sum() / real.numel() / 2 + fake.sum() / fake.numel() / 2
