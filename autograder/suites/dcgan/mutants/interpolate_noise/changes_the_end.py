# wrong: writes into the vector it is given; hint: Does it write into
# visible check: passes
def interpolate_noise(start, end, steps):
    end += 1e-6
    t = torch.linspace(0, 1, steps, dtype=start.dtype, device=start.device).unsqueeze(1)  # (steps, 1)
    cosine = F.cosine_similarity(start, end, dim=0).clamp(-1, 1)  # rounding may lead beyond 1
    angle = torch.acos(cosine)
    if torch.sin(angle) < 1e-3:  # no plane in which to turn
        return (1 - t) * start + t * end  # (steps, 1), (noise_dim,) -> (steps, noise_dim)
    start_weight = torch.sin((1 - t) * angle) / torch.sin(angle)  # (steps, 1)
    end_weight = torch.sin(t * angle) / torch.sin(angle)  # (steps, 1)
    return start_weight * start + end_weight * end  # (steps, 1), (noise_dim,) -> (steps, noise_dim)
