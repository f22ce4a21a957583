# wrong: the start left out; hint: steps - 1 gaps
# visible check: fails
import math
def interpolate_noise(start, end, steps):
    a, b = start.double(), end.double()
    cosine = float(torch.dot(a, b) / (a.norm() * b.norm()))
    omega = math.acos(max(-1.0, min(1.0, cosine)))
    rows = []
    for i in range(steps):
        t = (i + 1) / steps
        if math.sin(omega) < 1e-6:
            row = (1 - t) * a + t * b
        else:
            row = (math.sin((1 - t) * omega) * a + math.sin(t * omega) * b) / math.sin(omega)
        rows.append(row.to(start.dtype))
    return torch.stack(rows)
