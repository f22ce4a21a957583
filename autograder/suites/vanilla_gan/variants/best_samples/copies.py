# right: copies of both networks in evaluation mode
import copy
def best_samples(generator, discriminator, noise, count):
    g, d = (copy.deepcopy(n).eval().requires_grad_(False) for n in (generator, discriminator))
    images = g(noise)
    order = torch.sort(d(images), descending=True, stable=True).indices
    return images.index_select(0, order[:count]).detach()
