# Right but for one function, which never ends: the samples that are wanted may never come.

# %% best_samples
def best_samples(generator, discriminator, noise, count):
    best = []
    while len(best) < count:
        image = generator(noise[:1])
        if discriminator(image) > 10:
            best.append(image)
    return torch.cat(best)
