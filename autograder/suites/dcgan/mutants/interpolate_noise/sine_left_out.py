# wrong: weights not divided by the sine; hint: sine of the whole angle
# visible check: passes
import math
def interpolate_noise(start, end, steps):
    a, b = start.double(), end.double()
    cosine = float(torch.dot(a, b) / (a.norm() * b.norm()))
    omega = math.acos(max(-1.0, min(1.0, cosine)))
    rows = []
    for i in range(steps):
        t = i / (steps - 1)
        if math.sin(omega) < 1e-6:
            row = (1 - t) * a + t * b
        else:
            row = math.sin((1 - t) * omega) * a + math.sin(t * omega) * b
        rows.append(row.to(start.dtype))
    return torch.stack(rows)
