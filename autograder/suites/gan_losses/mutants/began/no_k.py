# wrong: k is left out; hint: leave out k
# visible check: fails
def reconstruction_error(images, reconstructed):
    return (images - reconstructed).abs().mean()


def began_discriminator_loss(real_error, fake_error, k):
    return real_error - fake_error


def began_generator_loss(fake_error):
    return fake_error
