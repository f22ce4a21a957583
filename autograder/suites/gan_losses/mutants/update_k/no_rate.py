# wrong: the rate is left out; hint: far longer step
# visible check: fails
def update_k(k, real_error, fake_error, *, gamma=0.5, rate=0.001):
    balance = torch.as_tensor(gamma * real_error - fake_error).item()
    return min(max(k + balance, 0.0), 1.0)
