# wrong: lengths changed evenly on the way; hint: left as it comes
# visible check: passes
def interpolate_noise(start, end, steps):
    t = torch.arange(steps, device=start.device) / (steps - 1)
    u, v = F.normalize(start, dim=0), F.normalize(end, dim=0)
    omega = torch.acos((u * v).sum().clamp(-1 + 1e-7, 1 - 1e-7))
    bent = omega.sin() > 1e-3
    safe = torch.where(bent, omega, torch.ones_like(omega))
    p = torch.where(bent, torch.sin((1 - t) * safe) / torch.sin(safe), 1 - t)
    q = torch.where(bent, torch.sin(t * safe) / torch.sin(safe), t)
    return (torch.outer(p, u) + torch.outer(q, v)) * torch.lerp(start.norm(), end.norm(), t)[:, None]
