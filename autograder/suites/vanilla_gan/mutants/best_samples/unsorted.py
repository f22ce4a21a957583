# wrong: best last; hint: but the worst of them first
# visible check: fails
def best_samples(generator, discriminator, noise, count):
    g_mode, d_mode = generator.training, discriminator.training
    generator.eval()
    discriminator.eval()
    with torch.no_grad():
        images = generator(noise)
        best = torch.topk(discriminator(images), count)[1].flip(0)
    generator.train(g_mode)
    discriminator.train(d_mode)
    return images[best]
