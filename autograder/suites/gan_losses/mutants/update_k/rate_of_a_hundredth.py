# wrong: another default of rate; hint: another number
# visible check: fails
def update_k(k, real_error, fake_error, *, gamma=0.5, rate=0.01):
    balance = torch.as_tensor(gamma * real_error - fake_error).item()
    return min(max(k + rate * balance, 0.0), 1.0)
