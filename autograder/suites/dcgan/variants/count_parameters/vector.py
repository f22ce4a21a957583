# right: length of one long vector
def count_parameters(module, trainable_only=True):
    wanted = [p for p in module.parameters() if p.requires_grad] if trainable_only else list(module.parameters())
    if len(wanted) == 0:
        return 0
    return torch.cat([p.detach().reshape(-1) for p in wanted]).shape[0]
