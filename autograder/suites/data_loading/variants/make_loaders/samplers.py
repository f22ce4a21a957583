# right: samplers and a batch sampler
from torch.utils.data import BatchSampler, RandomSampler, SequentialSampler
def make_loaders(root, *, batch_size):
    train, val = PairedImages(root, "train"), PairedImages(root, "val", None)
    train_loader = DataLoader(train, batch_sampler=BatchSampler(RandomSampler(train), batch_size, drop_last=True))
    val_loader = DataLoader(val, batch_size=batch_size, sampler=SequentialSampler(val), drop_last=False)
    return train_loader, val_loader
