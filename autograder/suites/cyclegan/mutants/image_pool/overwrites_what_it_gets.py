# wrong: older images written into the tensor that was handed over; hint: It is the caller's
# visible check: fails
class ImagePool(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.size, self.filled, self.store = size, 0, None

    @torch.no_grad()
    def query(self, images, *, rng=None):
        out = images.detach()
        if self.size <= 0:
            return out
        if self.store is None:
            self.store = out.new_zeros((self.size, *out.shape[1:]))
        for i in range(out.shape[0]):
            if self.filled < self.size:
                self.store[self.filled] = out[i]
                self.filled += 1
                continue
            if torch.bernoulli(torch.tensor(0.5), generator=rng).bool():
                j = int(torch.randint(0, self.size, (1,), generator=rng))
                older = self.store[j].clone()
                self.store[j], out[i] = out[i].clone(), older
        return out
