# wrong: a straight line for small angles, too; hint: Is that a straight line
# visible check: passes
def interpolate_noise(start, end, steps):
    t = torch.linspace(0, 1, steps, dtype=start.dtype, device=start.device).unsqueeze(1)  # (steps, 1)
    cosine = F.cosine_similarity(start, end, dim=0).clamp(-1, 1)  # rounding may lead beyond 1
    angle = torch.acos(cosine)
    if torch.sin(angle) < 0.5:  # no plane in which to turn
        return (1 - t) * start + t * end  # (steps, 1), (noise_dim,) -> (steps, noise_dim)
    start_weight = torch.sin((1 - t) * angle) / torch.sin(angle)  # (steps, 1)
    end_weight = torch.sin(t * angle) / torch.sin(angle)  # (steps, 1)
    return start_weight * start + end_weight * end  # (steps, 1), (noise_dim,) -> (steps, noise_dim)
