# wrong: fakes are not reconstructed badly; hint: detach the fake error
# visible check: passes
def reconstruction_error(images, reconstructed):
    return (images - reconstructed).abs().mean()


def began_discriminator_loss(real_error, fake_error, k):
    return real_error - k * fake_error.detach()


def began_generator_loss(fake_error):
    return fake_error
