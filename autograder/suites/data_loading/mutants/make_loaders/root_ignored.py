# wrong: the first root is used for ever; hint: of root/train and of root/val
# visible check: passes
def make_loaders(root, *, batch_size):
    train_pairs = PairedImages(make_loaders.__dict__.setdefault("root", root), "train")
    val_pairs = PairedImages(root, "val")
    train_loader = DataLoader(train_pairs, batch_size=batch_size, shuffle=True, drop_last=True)
    val_loader = DataLoader(val_pairs, batch_size=batch_size)
    return train_loader, val_loader
