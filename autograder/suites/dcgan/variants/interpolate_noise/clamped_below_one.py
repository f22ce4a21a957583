# right: a cosine kept a little below 1 makes the formula nearly straight
def interpolate_noise(start, end, steps):
    cosine = F.normalize(start, dim=0) @ F.normalize(end, dim=0)
    angle = cosine.clamp(-1 + 1e-7, 1 - 1e-7).acos()
    t = torch.arange(steps)[:, None] / (steps - 1)
    return (torch.sin((1 - t) * angle) * start + torch.sin(t * angle) * end) / torch.sin(angle)
