# wrong: training in the order of the files; hint: Is the training loader shuffled
# visible check: fails
def make_loaders(root, *, batch_size):
    train_pairs = PairedImages(root, "train")
    val_pairs = PairedImages(root, "val")
    train_loader = DataLoader(train_pairs, batch_size=batch_size,  drop_last=True)
    val_loader = DataLoader(val_pairs, batch_size=batch_size)
    return train_loader, val_loader
