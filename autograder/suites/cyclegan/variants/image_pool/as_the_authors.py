# right: like the authors' code, images kept as batches of one, an integer decides
class ImagePool:
    def __init__(self, size):
        self.pool_size = size
        self.num_imgs = 0
        self.images = []

    def query(self, images, *, rng=None):
        images = images.detach()
        if self.pool_size == 0:
            return images
        return_images = []
        for image in images:
            image = torch.unsqueeze(image, 0)
            if self.num_imgs < self.pool_size:
                self.num_imgs = self.num_imgs + 1
                self.images.append(image)
                return_images.append(image)
            elif torch.randint(0, 2, (1,), generator=rng).item() == 1:
                random_id = int(torch.randint(0, self.pool_size, (1,), generator=rng))
                tmp = self.images[random_id].clone()
                self.images[random_id] = image
                return_images.append(tmp)
            else:
                return_images.append(image)
        return torch.cat(return_images, 0)
