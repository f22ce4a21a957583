# wrong: always the oldest image comes back; hint: each equally likely
# visible check: passes
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
                self.held, out[i] = [*self.held[1:], image], self.held[0]
        return torch.stack(out)
