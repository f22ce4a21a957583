# wrong: validation loader first; hint: of root/train and of root/val
# visible check: fails
def make_loaders(root, *, batch_size):
    train_pairs = PairedImages(root, "train")
    val_pairs = PairedImages(root, "val")
    train_loader = DataLoader(train_pairs, batch_size=batch_size, shuffle=True, drop_last=True)
    val_loader = DataLoader(val_pairs, batch_size=batch_size)
    return val_loader, train_loader
