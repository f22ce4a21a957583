# right: every channel resized by Pillow
def random_jitter(sketch, photo, *, size, rng):
    enlarged = round(size * 286 / 256)

    def enlarge(half):
        layers = [Image.fromarray(layer.numpy()).resize((enlarged, enlarged), Image.BILINEAR) for layer in half]
        return torch.stack([torch.from_numpy(np.array(layer)) for layer in layers])

    top = torch.randint(enlarged - size + 1, (1,), generator=rng).item()
    left = torch.randint(enlarged - size + 1, (1,), generator=rng).item()
    mirrored = torch.randint(2, (1,), generator=rng).item()
    crops = [enlarge(half)[:, top : top + size, left : left + size] for half in (sketch, photo)]
    return tuple(crop.flip(2) if mirrored else crop for crop in crops)
