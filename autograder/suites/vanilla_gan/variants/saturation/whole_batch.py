# right: the notebook's losses over the batch, the average undone; a list comes back
def saturation(logits):
    gradients = []
    for loss in (minimax_generator_loss, generator_loss):
        s = logits.clone().detach()
        s.requires_grad = True
        (loss(s) * s.numel()).backward()
        gradients.append(s.grad)
    return gradients
