# right: all pairs in memory, own loaders
class Batches:
    def __init__(self, pairs, batch_size, training):
        self.pairs = [pairs[i] for i in range(len(pairs))]
        self.batch_size, self.training = batch_size, training
    def __len__(self):
        full, rest = divmod(len(self.pairs), self.batch_size)
        return full + (rest > 0 and not self.training)
    def __iter__(self):
        order = torch.randperm(len(self.pairs)) if self.training else torch.arange(len(self.pairs))
        for chunk in order.split(self.batch_size)[:len(self)]:
            yield [torch.stack([self.pairs[i][k] for i in chunk]) for k in (0, 1)]
def make_loaders(root, *, batch_size):
    return Batches(PairedImages(root, "train"), batch_size, True), Batches(PairedImages(root, "val"), batch_size, False)
