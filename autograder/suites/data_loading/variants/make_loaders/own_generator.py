# right: a generator of its own, an own way to stack
def make_loaders(root, *, batch_size):
    def stack(pairs):
        sketches, photos = zip(*pairs)
        return torch.stack(sketches), torch.stack(photos)
    rng = torch.Generator()
    rng.manual_seed(0)
    return (
        DataLoader(PairedImages(root, "train"), batch_size=batch_size, shuffle=True, drop_last=True, generator=rng, collate_fn=stack),
        DataLoader(PairedImages(root, "val"), batch_size=batch_size, shuffle=False, collate_fn=stack),
    )
