# right: a norm over the number of elements
def reconstruction_error(images, reconstructed):
    return torch.linalg.vector_norm(images - reconstructed, ord=1) / images.numel()


def began_discriminator_loss(real_error, fake_error, k):
    return sum([real_error, -k * fake_error])


def began_generator_loss(fake_error):
    return +fake_error
