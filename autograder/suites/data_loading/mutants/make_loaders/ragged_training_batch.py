# wrong: the ragged batch of training stays; hint: Is the incomplete last batch left out
# visible check: fails
def make_loaders(root, *, batch_size):
    train_pairs = PairedImages(root, "train")
    val_pairs = PairedImages(root, "val")
    train_loader = DataLoader(train_pairs, batch_size=batch_size, shuffle=True)
    val_loader = DataLoader(val_pairs, batch_size=batch_size)
    return train_loader, val_loader
