# wrong: smooth near zero; hint: smooth near zero
# visible check: fails
def reconstruction_error(images, reconstructed):
    return F.smooth_l1_loss(reconstructed, images)


def began_discriminator_loss(real_error, fake_error, k):
    return real_error - fake_error * k


def began_generator_loss(fake_error):
    return fake_error * 1.0
