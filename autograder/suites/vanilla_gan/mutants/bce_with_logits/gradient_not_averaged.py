# wrong: the gradient of the sum beside the value of the mean; hint: Did you sum over the batch
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
        return upstream * (torch.sigmoid(logits) - targets), None


def bce_with_logits(logits, targets):
    return StableCrossEntropy.apply(logits, targets)
