# right: minus logaddexp with zero, averaged by a sum
def minimax_generator_loss(fake_logits: torch.Tensor) -> torch.Tensor:
    log_one_minus_d = -torch.logaddexp(fake_logits, fake_logits.new_zeros(()))
    return log_one_minus_d.sum() / log_one_minus_d.numel()
