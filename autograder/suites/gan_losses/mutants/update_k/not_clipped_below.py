# wrong: k may fall below zero; hint: falling below 0
# visible check: fails
def update_k(k, real_error, fake_error, *, gamma=0.5, rate=0.001):
    balance = torch.as_tensor(gamma * real_error - fake_error).item()
    return min(k + rate * balance, 1.0)
