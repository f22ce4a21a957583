# wrong: differences cancel; hint: absolute value that of each difference
# visible check: passes
def reconstruction_error(images, reconstructed):
    return (images - reconstructed).mean().abs()


def began_discriminator_loss(real_error, fake_error, k):
    return real_error - k * fake_error


def began_generator_loss(fake_error):
    return fake_error
