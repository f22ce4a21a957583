# wrong: the step is clipped, not k; hint: Did k change
# visible check: fails
def update_k(k, real_error, fake_error, *, gamma=0.5, rate=0.001):
    balance = torch.as_tensor(gamma * real_error - fake_error).item()
    return k + min(max(rate * balance, 0.0), 1.0)
