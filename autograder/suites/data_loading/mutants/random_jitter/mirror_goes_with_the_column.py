# wrong: crop and mirror are one draw; hint: with a random number of its own
# visible check: passes
def random_jitter(sketch, photo, *, size, rng):
    enlarged = round(size * 286 / 256)
    both = torch.cat([sketch, photo]).unsqueeze(0)
    both = F.interpolate(both, size=(enlarged, enlarged), mode="bilinear", antialias=True)
    top, left = torch.randint(enlarged - size + 1, (2,), generator=rng).tolist()
    both = both[0, :, top : top + size, left : left + size]
    if left >= (enlarged - size + 1) / 2:
        both = both.flip(2)
    return both[: len(sketch)], both[len(sketch) :]
