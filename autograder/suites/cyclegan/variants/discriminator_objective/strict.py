# right: asserts what the text promises of its images
def discriminator_objective(discriminator: nn.Module, real: torch.Tensor, fake: torch.Tensor) -> torch.Tensor:
    """Half the sum of both adversarial losses."""
    assert real.ndim == fake.ndim == 4 and real.shape[1:] == fake.shape[1:]
    assert real.dtype == fake.dtype == torch.float32
    assert all(-1 <= images.min() and images.max() <= 1 for images in (real, fake)), "images lie in [-1, 1]"
    losses = [
        adversarial_loss(scores=discriminator(images.detach()), is_real=is_real)
        for images, is_real in ((real, True), (fake, False))
    ]
    return 0.5 * sum(losses)
