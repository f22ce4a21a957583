# right: angle by arctangent, weights as a matrix
def interpolate_noise(start, end, steps):
    norm_a, norm_b = start.norm(), end.norm()
    a, b = start / norm_a, end / norm_b
    angle = 2 * torch.atan2((a - b).norm(), (a + b).norm())
    t = torch.linspace(0, 1, steps)
    shares = torch.stack([1 - t, t], dim=1)
    if 1e-4 < angle < torch.pi - 1e-4:
        shares = torch.sin(shares * angle) / torch.sin(angle)
    return shares @ torch.stack([start, end])
