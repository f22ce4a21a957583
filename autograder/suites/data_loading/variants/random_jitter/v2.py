# right: torchvision.transforms.v2, the place from a permutation
from torchvision.transforms import v2
def random_jitter(sketch, photo, *, size, rng):
    large = round(286 * size / 256)
    both = v2.functional.resize(torch.cat((sketch, photo), dim=0), [large, large])
    places = large - size + 1
    place = torch.randperm(places * places, generator=rng)[0].item()
    row, column = divmod(place, places)
    both = v2.functional.crop(both, row, column, size, size)
    if torch.empty(1).bernoulli_(0.5, generator=rng) == 1:
        both = v2.functional.horizontal_flip(both)
    sketch, photo = both.chunk(2)
    return sketch, photo
