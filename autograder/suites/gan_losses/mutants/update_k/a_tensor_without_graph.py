# wrong: a tensor; hint: Is it a Python float
# visible check: fails
def update_k(k, real_error, fake_error, *, gamma=0.5, rate=0.001):
    with torch.no_grad():
        balance = gamma * torch.as_tensor(real_error) - torch.as_tensor(fake_error)
        return torch.clamp(k + rate * balance, 0, 1)
