# wrong: the halves are left out; hint: Are both factors 1/2 there
# visible check: fails
def lsgan_discriminator_loss(real_scores, fake_scores):
    real = F.mse_loss(real_scores, torch.ones_like(real_scores))
    fake = F.mse_loss(fake_scores, torch.zeros_like(fake_scores))
    return real + fake


def lsgan_generator_loss(fake_scores):
    return 0.5 * nn.MSELoss()(fake_scores, torch.ones_like(fake_scores))
