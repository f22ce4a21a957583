# wrong: older images written into the tensor that was handed over; hint: It is the caller's
# visible check: fails
class ImagePool:
    def __init__(self, size):
        self.size, self.images = size, []
    def query(self, images, *, rng=None):
        images = images.detach()
        for i in range(len(images) if self.size else 0):
            image = images[i].clone()
            if len(self.images) < self.size:
                self.images.append(image)
            elif torch.rand((), generator=rng) < 0.5:
                place = torch.randint(self.size, (), generator=rng).item()
                images[i] = self.images[place]
                self.images[place] = image
        return images
