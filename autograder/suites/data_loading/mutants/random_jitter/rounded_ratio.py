# wrong: a ratio that is rounded; hint: Are both resized to round(size * 286 / 256)
# visible check: passes
def random_jitter(sketch, photo, *, size, rng):
    enlarged = round(size * 1.12)
    both = torch.cat([sketch, photo]).unsqueeze(0)
    both = F.interpolate(both, size=(enlarged, enlarged), mode="bilinear", antialias=True)
    top, left = torch.randint(enlarged - size + 1, (2,), generator=rng).tolist()
    both = both[0, :, top : top + size, left : left + size]
    if torch.rand(1, generator=rng).item() < 0.5:
        both = both.flip(2)
    return both[: len(sketch)], both[len(sketch) :]
