# wrong: every call with the same rng is the same; hint: Did you seed a generator
# visible check: fails
import random
def random_jitter(sketch, photo, *, size, rng):
    chance = random.Random(rng.initial_seed())
    big = round(size * 286 / 256)
    top, left, flip = chance.randint(0, big - size), chance.randint(0, big - size), chance.random() < 0.5
    def jitter(image):
        image = F.interpolate(image[None], (big, big), mode="bilinear", antialias=True)[0]
        image = image[:, top:top + size, left:left + size]
        return image.flip(-1) if flip else image
    return jitter(sketch), jitter(photo)
