# right: one batch of two, no antialias, corners aligned
def random_jitter(sketch, photo, *, size, rng):
    s = round(size * 286 / 256)
    x = F.interpolate(torch.stack((sketch, photo)), size=s, mode="bilinear", align_corners=True)
    mirror = bool(torch.randint(2, (), generator=rng))
    top = torch.randint(s - size + 1, (), generator=rng).item()
    left = torch.randint(s - size + 1, (), generator=rng).item()
    x = x[..., top:top + size, left:left + size]
    x = torch.flip(x, dims=(-1,)) if mirror else x
    return x[0], x[1]
