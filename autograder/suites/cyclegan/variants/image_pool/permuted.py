# right: without gradients, the place by a permutation, a swap
class ImagePool:
    def __init__(self, size):
        self.size, self.held = size, []

    @torch.no_grad()
    def query(self, images, *, rng=None):
        out = [image.clone() for image in images]
        for i, image in enumerate(out):
            room = self.size - len(self.held)
            if room > 0:
                self.held.append(image.clone())
            elif self.size and torch.bernoulli(torch.tensor(0.5), generator=rng):
                k = torch.randperm(self.size, generator=rng)[0]
                self.held[k], out[i] = image, self.held[k]
        return torch.stack(out)
