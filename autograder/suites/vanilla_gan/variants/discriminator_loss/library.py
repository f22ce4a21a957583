# right: PyTorch's own cross-entropy, the mean of a stack
def discriminator_loss(real_logits: torch.Tensor, fake_logits: torch.Tensor) -> torch.Tensor:
    criterion = nn.BCEWithLogitsLoss()
    parts = [
        criterion(real_logits, real_logits.new_ones(real_logits.shape)),
        criterion(fake_logits, fake_logits.new_zeros(fake_logits.shape)),
    ]
    return torch.stack(parts).mean()
