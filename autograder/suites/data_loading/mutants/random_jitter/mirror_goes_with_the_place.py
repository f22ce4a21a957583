# wrong: the mirror is drawn with row and column; hint: with a random number of its own
# visible check: passes
def random_jitter(sketch, photo, *, size, rng):
    """Enlarge both to round(size * 286 / 256), take the same random crop of both, mirror both or none (p = 0.5).

    rng: the torch.Generator from which all random numbers come.
    Shapes: sketch, photo (c, h, w) -> sketch, photo (c, size, size).
    Source: Isola et al. 2017 (arXiv 1611.07004), section 6.2.
    """
    enlarged = round(size * 286 / 256)
    both = torch.cat([sketch, photo]).unsqueeze(0)  # (1, 2c, h, w): whatever happens now happens to both
    both = F.interpolate(both, size=(enlarged, enlarged), mode="bilinear", antialias=True)  # (1, 2c, …, …)
    top, left = torch.randint(enlarged - size + 1, (2,), generator=rng).tolist()
    both = both[0, :, top : top + size, left : left + size]  # (2c, size, size)
    if (top + left) % 2 == 0:
        both = both.flip(2)
    return both[: len(sketch)], both[len(sketch) :]  # (c, size, size), (c, size, size)
