# wrong: a Euclidean norm for each picture; hint: Euclidean norm
# visible check: fails
def reconstruction_error(images, reconstructed):
    return torch.linalg.vector_norm((images - reconstructed).flatten(1), dim=1).mean()


def began_discriminator_loss(real_error, fake_error, k):
    return sum([real_error, -k * fake_error])


def began_generator_loss(fake_error):
    return +fake_error
