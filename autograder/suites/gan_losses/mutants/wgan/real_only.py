# wrong: the fakes' term is left out; hint: leave out the fake
# visible check: fails
def wgan_discriminator_loss(real_scores, fake_scores):
    return -torch.mean(real_scores)


def wgan_generator_loss(fake_scores):
    return torch.mean(-fake_scores)
