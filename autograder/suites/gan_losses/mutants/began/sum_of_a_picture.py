# wrong: a sum over each picture; hint: sum over the values of a picture
# visible check: fails
def reconstruction_error(images, reconstructed):
    return (images - reconstructed).abs().flatten(1).sum(1).mean()


def began_discriminator_loss(real_error, fake_error, k):
    return real_error - k * fake_error


def began_generator_loss(fake_error):
    return fake_error
