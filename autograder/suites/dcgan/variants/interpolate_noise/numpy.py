# right: NumPy, threshold on the cosine
def interpolate_noise(start, end, steps):
    low, high = start.numpy(), end.numpy()
    dot = np.clip(np.dot(low / np.linalg.norm(low), high / np.linalg.norm(high)), -1, 1)
    out = []
    for t in np.linspace(0, 1, steps):
        if abs(dot) > 0.9995:
            out.append((1.0 - t) * low + t * high)
            continue
        omega = np.arccos(dot)
        so = np.sin(omega)
        out.append(np.sin((1.0 - t) * omega) / so * low + np.sin(t * omega) / so * high)
    return torch.from_numpy(np.array(out)).float()
