# wrong: overflows at large logits; hint: an exponential that overflows
# visible check: fails
def bce_with_logits(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    zero = torch.zeros_like(logits)
    losses = torch.log1p(torch.exp(logits)) - logits * targets
    return torch.mean(losses)
