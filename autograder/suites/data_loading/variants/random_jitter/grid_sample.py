# right: one affine grid for crop, size and mirror
def random_jitter(sketch, photo, *, size, rng):
    enlarged = round(size * 286 / 256)
    draws = torch.rand(3, generator=rng)
    top, left = (draws[:2] * (enlarged - size + 1)).long().tolist()
    steps = torch.arange(size)
    ys, xs = ((2 * (steps + first) + 1) / enlarged - 1 for first in (top, left))
    if draws[2] < 0.5:
        xs = xs.flip(0)
    grid = torch.stack(torch.meshgrid(ys, xs, indexing="ij")[::-1], dim=-1)[None]
    both = torch.cat([sketch, photo])[None]
    both = F.grid_sample(both, grid, padding_mode="border", align_corners=False)[0]
    return both[: len(sketch)], both[len(sketch) :]
