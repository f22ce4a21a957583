# wrong: training pairs are mirrored; hint: Are the pairs those of root/train
# visible check: passes
def make_loaders(root, *, batch_size):
    train_pairs = PairedImages(root, "train", lambda sketch, photo: (sketch.flip(2), photo.flip(2)))
    val_pairs = PairedImages(root, "val")
    train_loader = DataLoader(train_pairs, batch_size=batch_size, shuffle=True, drop_last=True)
    val_loader = DataLoader(val_pairs, batch_size=batch_size)
    return train_loader, val_loader
