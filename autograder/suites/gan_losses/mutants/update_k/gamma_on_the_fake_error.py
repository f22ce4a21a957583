# wrong: gamma on the other error; hint: multiplied by gamma
# visible check: fails
def update_k(k, real_error, fake_error, *, gamma=0.5, rate=0.001):
    balance = torch.as_tensor(real_error - gamma * fake_error).item()
    return min(max(k + rate * balance, 0.0), 1.0)
