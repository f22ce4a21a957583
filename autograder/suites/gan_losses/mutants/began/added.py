# wrong: fakes reconstructed well as well; hint: Is the fakes' error subtracted
# visible check: fails
def reconstruction_error(images, reconstructed):
    return (images - reconstructed).abs().mean()


def began_discriminator_loss(real_error, fake_error, k):
    return real_error + k * fake_error


def began_generator_loss(fake_error):
    return fake_error
