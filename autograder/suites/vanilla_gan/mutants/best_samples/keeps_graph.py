# wrong: the pictures carry their graph; hint: Did you switch the gradient off
# visible check: fails
def best_samples(generator, discriminator, noise, count):
    g_mode, d_mode = generator.training, discriminator.training
    generator.eval()
    discriminator.eval()
    with torch.enable_grad():
        images = generator(noise)
        _, best = torch.topk(discriminator(images), count)
    generator.train(g_mode)
    discriminator.train(d_mode)
    return images[best]
