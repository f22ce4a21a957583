# A receptive field that starts at 0, a sum where the mean belongs, evaluation in training mode.

# %% receptive_field
def receptive_field(layers):
    field = 0
    spacing = 1
    for kernel_size, stride in layers:
        field += (kernel_size - 1) * spacing
        spacing *= stride
    return field

# %% generator_loss
def generator_loss(fake_logits, fake, photo, l1_weight=100.0):
    fooling = F.binary_cross_entropy_with_logits(fake_logits, torch.ones_like(fake_logits))
    return fooling + l1_weight * l1_only_loss(fake, photo)

def l1_only_loss(fake, photo):
    return F.l1_loss(fake, photo, reduction='sum')

# %% evaluate
def evaluate(generator, loader):
    device = next(generator.parameters()).device
    modes = {module: module.training for module in generator.modules()}
    total, count = (0.0, 0)
    with torch.no_grad():
        for sketch, photo in loader:
            fake = generator(sketch.to(device))
            differences = (fake - photo.to(device)).abs().mean(dim=(1, 2, 3))
            total += differences.sum().item()
            count += len(photo)
    for module, mode in modes.items():
        module.training = mode
    return total / count
