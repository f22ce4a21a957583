# right: topk, modes given back by train(mode)
def best_samples(generator, discriminator, noise, count):
    g_mode, d_mode = generator.training, discriminator.training
    generator.eval()
    discriminator.eval()
    with torch.no_grad():
        images = generator(noise)
        _, best = torch.topk(discriminator(images), count)
    generator.train(g_mode)
    discriminator.train(d_mode)
    return images[best]
