# wrong: its backward breaks the chain rule; hint: gradient that it is given
# visible check: passes
class StableCrossEntropy(torch.autograd.Function):
    @staticmethod
    def forward(ctx, logits, targets):
        ctx.save_for_backward(logits, targets)
        losses = torch.maximum(logits, torch.zeros_like(logits)) - logits * targets
        losses += torch.log1p(torch.exp(-torch.abs(logits)))
        return losses.mean()

    @staticmethod
    def backward(ctx, upstream):
        logits, targets = ctx.saved_tensors
        return (torch.sigmoid(logits) - targets) / len(logits), None


def bce_with_logits(logits, targets):
    return StableCrossEntropy.apply(logits, targets)
