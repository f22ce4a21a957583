# right: torch.mean, the real term first
def wgan_discriminator_loss(real_scores, fake_scores):
    return -torch.mean(real_scores) + torch.mean(fake_scores)


def wgan_generator_loss(fake_scores):
    return torch.mean(-fake_scores)
