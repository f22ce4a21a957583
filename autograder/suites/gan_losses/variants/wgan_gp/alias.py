# right: another name for the same function, torch.add with a factor
wgan_gp_generator_loss = wgan_generator_loss


def wgan_gp_discriminator_loss(real_scores, fake_scores, penalty, weight=10.0):
    return torch.add(wgan_discriminator_loss(real_scores, fake_scores), penalty, alpha=weight)
