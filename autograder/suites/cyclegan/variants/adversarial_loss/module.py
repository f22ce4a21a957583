# right: nn.MSELoss against an expanded target
def adversarial_loss(scores, is_real):
    target = torch.tensor(1.0 if is_real else 0.0, dtype=scores.dtype, device=scores.device).expand_as(scores)
    criterion = nn.MSELoss()
    return criterion(scores, target)
