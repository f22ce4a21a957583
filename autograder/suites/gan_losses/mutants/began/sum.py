# wrong: a sum over all elements; hint: sum over all values
# visible check: fails
def reconstruction_error(images, reconstructed):
    return (images - reconstructed).abs().sum()


def began_discriminator_loss(real_error, fake_error, k):
    return real_error - k * fake_error


def began_generator_loss(fake_error):
    return fake_error
