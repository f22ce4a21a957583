# wrong: the least believable ones; hint: Are the worst ones chosen
# visible check: fails
def best_samples(generator, discriminator, noise, count):
    modules = [*generator.modules(), *discriminator.modules()]
    modes = [module.training for module in modules]
    generator.eval()
    discriminator.eval()
    with torch.no_grad():
        images = generator(noise)
        logits = discriminator(images)
    for module, mode in zip(modules, modes, strict=True):
        module.training = mode
    best = logits.argsort()[:count]
    return images[best]
