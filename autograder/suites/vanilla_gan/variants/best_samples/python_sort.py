# right: a decorator without gradient, sorted() over pairs, modes restored in a finally
@torch.inference_mode()
def best_samples(generator, discriminator, noise, count):
    modes = {network: network.training for network in (generator, discriminator)}
    try:
        for network in modes:
            network.train(False)
        images = generator(noise)
        ranked = sorted(zip(discriminator(images).tolist(), range(len(noise))), reverse=True)
    finally:
        for network, mode in modes.items():
            network.train(mode)
    return torch.stack([images[index] for _, index in ranked[:count]]).clone()
