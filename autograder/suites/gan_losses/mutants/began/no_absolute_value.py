# wrong: differences cancel; hint: Without one, differences cancel
# visible check: passes
def reconstruction_error(images, reconstructed):
    return (images - reconstructed).mean()


def began_discriminator_loss(real_error, fake_error, k):
    return real_error - k * fake_error


def began_generator_loss(fake_error):
    return fake_error
