# right: the critic's loss made of the generator's
def wgan_gp_generator_loss(fake_scores):
    return torch.neg(torch.mean(fake_scores))


def wgan_gp_discriminator_loss(real_scores, fake_scores, penalty, weight=10.0):
    parts = [wgan_gp_generator_loss(real_scores), -wgan_gp_generator_loss(fake_scores), penalty * weight]
    return sum(parts)
