# wrong: validation one by one; hint: Here it is always 1
# visible check: fails
def make_loaders(root, *, batch_size):
    train_pairs = PairedImages(root, "train")
    val_pairs = PairedImages(root, "val")
    train_loader = DataLoader(train_pairs, batch_size=batch_size, shuffle=True, drop_last=True)
    val_loader = DataLoader(val_pairs)
    return train_loader, val_loader
