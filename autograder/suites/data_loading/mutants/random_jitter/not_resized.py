# wrong: the sketch is not resized; hint: Are the pictures resized at all
# visible check: fails
import torchvision.transforms.functional as TF
def random_jitter(sketch, photo, *, size, rng):
    big = int(round(size * 286 / 256))
    sketch, big = sketch, min(big, *sketch.shape[1:])
    photo = TF.resize(photo, [big, big], antialias=True)
    i = int(torch.randint(0, big - size + 1, (1,), generator=rng))
    j = int(torch.randint(0, big - size + 1, (1,), generator=rng))
    sketch, photo = TF.crop(sketch, i, j, size, size), TF.crop(photo, i, j, size, size)
    if torch.rand((), generator=rng) > 0.5:
        sketch, photo = TF.hflip(sketch), TF.hflip(photo)
    return sketch, photo
