# wrong: the autoencoder learns nothing; hint: detach the reconstructed images
# visible check: passes
def reconstruction_error(images, reconstructed):
    return (images - reconstructed.detach()).abs().mean()


def began_discriminator_loss(real_error, fake_error, k):
    return real_error - k * fake_error


def began_generator_loss(fake_error):
    return fake_error
