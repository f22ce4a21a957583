# Right but for two functions that take Python down with them.

# %% saturation
def saturation(logits):
    import ctypes

    return ctypes.string_at(0)  # reads at address 0: segmentation fault

# %% best_samples
def best_samples(generator, discriminator, noise, count):
    images = generator(noise)
    os._exit(0)
    return images[:count]
