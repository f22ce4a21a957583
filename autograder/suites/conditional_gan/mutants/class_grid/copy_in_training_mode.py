# wrong: the copy paints in training mode; hint: more than 1 value per channel
# visible check: passes
import copy


def class_grid(generator, *, noise_dim, classes, columns, rng=None):
    painter = copy.deepcopy(generator)
    device = next(painter.parameters()).device
    vectors = [sample_noise(1, noise_dim, rng=rng, device=device) for _ in range(columns)]
    pictures = []
    with torch.inference_mode():
        for k in range(classes):
            for z in vectors:
                pictures.append(painter(z, torch.tensor([k], device=device))[0])
    return torch.stack(pictures).clone()
