# wrong: infinite for a discriminator that is wrong; hint: rounded to 0 or 1
# visible check: passes
def dragan_discriminator_loss(real_logits, fake_logits, penalty, weight=10.0):
    return F.softplus(-real_logits).mean() + torch.log(1 + torch.exp(fake_logits)).mean() + penalty * weight


def dragan_generator_loss(fake_logits):
    return F.softplus(-fake_logits).mean()
