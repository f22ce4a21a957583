# wrong: without rng, each query makes one with the same seed; hint: is there chance in every query
# visible check: passes
class ImagePool:
    """Up to `size` generated images of earlier steps, to be shown to a discriminator again.

    Source: Zhu et al. 2017 (arXiv 1703.10593), section 4, after Shrivastava et al. 2017 (arXiv 1612.07828), 2.3.
    """

    def __init__(self, size):
        self.size = size
        self.images = []  # each (channels, h, w)

    def query(self, images, *, rng=None):
        """As many images, detached: new ones until the pool is full, then each with p = 0.5 an older one in its place.

        A new image that is exchanged for an older one takes its place in the pool. size 0 gives the images themselves.
        rng: a CPU torch.Generator for all random numbers. Shapes: (n, channels, h, w) -> (n, channels, h, w).
        """
        if self.size == 0:
            return images.detach()
        answers, rng = [], rng or torch.Generator().manual_seed(0)
        for image in images.detach().clone():  # (channels, h, w)
            if len(self.images) < self.size:
                self.images.append(image)
                answers.append(image)
            elif torch.rand((), generator=rng) < 0.5:
                place = torch.randint(self.size, (), generator=rng).item()
                answers.append(self.images[place])
                self.images[place] = image
            else:
                answers.append(image)
        return torch.stack(answers)  # (n, channels, h, w)
