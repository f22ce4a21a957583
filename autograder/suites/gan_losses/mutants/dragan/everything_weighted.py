# wrong: the weight counts everything; hint: It is the penalty alone
# visible check: fails
def dragan_discriminator_loss(real_logits, fake_logits, penalty, weight=10.0):
    return (F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean() + penalty) * weight


def dragan_generator_loss(fake_logits):
    return F.softplus(-fake_logits).mean()
