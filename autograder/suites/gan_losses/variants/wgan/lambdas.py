# right: the critic's loss by the generator's
wgan_generator_loss = lambda fake_scores: fake_scores.mean().neg()
wgan_discriminator_loss = lambda real_scores, fake_scores: wgan_generator_loss(real_scores) - wgan_generator_loss(fake_scores)
