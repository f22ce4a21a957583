# right: PyTorch's L1 loss
def reconstruction_error(images, reconstructed):
    return F.l1_loss(reconstructed, images)


def began_discriminator_loss(real_error, fake_error, k):
    return real_error - fake_error * k


def began_generator_loss(fake_error):
    return fake_error * 1.0
