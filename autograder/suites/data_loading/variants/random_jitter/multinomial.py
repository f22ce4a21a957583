# right: uniform numbers scaled, mirror before the crop
def random_jitter(sketch, photo, *, size, rng):
    S = round(size * 286 / 256)
    u, v, w = torch.rand(3, generator=rng).tolist()
    out = []
    for image in (sketch, photo):
        image = F.interpolate(image.unsqueeze(0), [S, S], mode="bilinear", align_corners=False).squeeze(0)
        if w < 0.5:
            image = image[:, :, torch.arange(S - 1, -1, -1)]
        r, c = int(u * (S - size + 1)), int(v * (S - size + 1))
        out.append(image.narrow(1, r, size).narrow(2, c, size))
    return out
