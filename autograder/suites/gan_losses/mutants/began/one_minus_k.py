# wrong: 1 - k for k; hint: or 1 - k
# visible check: fails
def reconstruction_error(images, reconstructed):
    return (images - reconstructed).abs().mean()


def began_discriminator_loss(real_error, fake_error, k):
    return real_error - (1 - k) * fake_error


def began_generator_loss(fake_error):
    return fake_error
