# wrong: the pairs of the last batch are never shown; hint: have its turn
# visible check: passes
def make_loaders(root, *, batch_size):
    train_pairs = PairedImages(root, "train")
    val_pairs = PairedImages(root, "val")
    train_pairs.paths = train_pairs.paths[: len(train_pairs) // batch_size * batch_size] or train_pairs.paths
    train_loader = DataLoader(train_pairs, batch_size=batch_size, shuffle=True, drop_last=True)
    val_loader = DataLoader(val_pairs, batch_size=batch_size)
    return train_loader, val_loader
