# right: worker processes, a list returned
def make_loaders(root, *, batch_size):
    loaders = []
    for split in ("train", "val"):
        training = split == "train"
        loaders.append(DataLoader(PairedImages(root, split), batch_size, shuffle=training, drop_last=training,
                                  num_workers=2, persistent_workers=True, pin_memory=False))
    return loaders
