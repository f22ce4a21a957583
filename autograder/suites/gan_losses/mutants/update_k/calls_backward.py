# wrong: backward frees the graph that the loss needs; hint: Did you call backward
# visible check: passes
def update_k(k, real_error, fake_error, *, gamma=0.5, rate=0.001):
    if isinstance(real_error, torch.Tensor):
        real_error = (real_error.requires_grad and real_error.backward()) or real_error.item()
    if isinstance(fake_error, torch.Tensor):
        fake_error = fake_error.item()
    k = k + rate * (gamma * real_error - fake_error)
    if k < 0:
        return 0.0
    elif k > 1:
        return 1.0
    return k
