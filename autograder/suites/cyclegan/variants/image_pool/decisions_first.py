# right: all decisions of a batch drawn at once, images in one tensor
class ImagePool:
    def __init__(self, size):
        self.capacity = size
        self.store = None

    def query(self, images, *, rng=None):
        images = images.detach()
        older = torch.rand(len(images), generator=rng) < 0.5
        places = torch.randint(0, max(self.capacity, 1), (len(images),), generator=rng)
        answer = images.clone()
        for i in range(len(images)):
            count = 0 if self.store is None else len(self.store)
            if count < self.capacity:
                new = images[i : i + 1].clone()
                self.store = new if count == 0 else torch.cat([self.store, new])
            elif self.capacity > 0 and older[i]:
                answer[i] = self.store[places[i]]
                self.store[places[i]] = images[i]
        return answer
