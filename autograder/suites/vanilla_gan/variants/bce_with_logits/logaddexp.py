# right: logaddexp with zero, with type hints
def bce_with_logits(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    zero = torch.zeros_like(logits)
    losses = torch.logaddexp(zero, logits) - logits * targets
    return torch.mean(losses)
