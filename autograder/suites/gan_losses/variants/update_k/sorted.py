# right: the middle one of three
def update_k(k, real_error, fake_error, *, gamma=0.5, rate=0.001):
    real, fake = (e.detach().cpu().numpy().item() if torch.is_tensor(e) else e for e in (real_error, fake_error))
    return sorted([0.0, 1.0, k + rate * (gamma * real - fake)])[1]
