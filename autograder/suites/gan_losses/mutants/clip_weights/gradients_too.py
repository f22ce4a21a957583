# wrong: gradients are clipped as well; hint: Weights are clipped, not gradients
# visible check: passes
def clip_weights(module, limit=0.01):
    with torch.no_grad():
        for parameter in module.parameters():
            (parameter.clamp_(-limit, limit), parameter.grad is not None and parameter.grad.clamp_(-limit, limit))
