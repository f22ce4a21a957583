# wrong: nearest pixels, F.interpolate's own mode; hint: takes the nearest pixel
# visible check: passes
def random_jitter(sketch, photo, *, size, rng):
    enlarged = round(size * 286 / 256)
    both = torch.cat([sketch, photo]).unsqueeze(0)
    both = F.interpolate(both, size=(enlarged, enlarged))
    top, left = torch.randint(enlarged - size + 1, (2,), generator=rng).tolist()
    both = both[0, :, top : top + size, left : left + size]
    if torch.rand(1, generator=rng).item() < 0.5:
        both = both.flip(2)
    return both[: len(sketch)], both[len(sketch) :]
