# wrong: infinite for a discriminator that sees through every fake; hint: rounded to 0 or 1
# visible check: passes
def dragan_discriminator_loss(real_logits, fake_logits, penalty, weight=10.0):
    return F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean() + penalty * weight


def dragan_generator_loss(fake_logits):
    return -torch.log(torch.sigmoid(fake_logits)).mean()
