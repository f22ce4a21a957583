# right: torch functions, the halves inside the mean
def lsgan_discriminator_loss(real_scores, fake_scores):
    return torch.mean(0.5 * torch.square(real_scores - 1)) + torch.mean(0.5 * torch.square(fake_scores))


def lsgan_generator_loss(fake_scores):
    return torch.mean(0.5 * torch.pow(1 - fake_scores, 2))
