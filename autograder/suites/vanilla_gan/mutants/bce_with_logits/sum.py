# wrong: sum instead of mean; hint: Did you sum over the batch
# visible check: fails
def bce_with_logits(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    zero = torch.zeros_like(logits)
    losses = torch.logaddexp(zero, logits) - logits * targets
    return torch.sum(losses)
