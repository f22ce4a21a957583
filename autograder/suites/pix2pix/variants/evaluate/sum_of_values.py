# right: sum of all values, divided at the end; decorator for no gradient
@torch.no_grad()
def evaluate(generator, loader):
    training = {name: module.training for name, module in generator.named_modules()}
    generator.eval()
    total = values = 0
    for sketch, photo in loader:
        total += F.l1_loss(generator(sketch), photo, reduction="sum").item()
        values += photo.numel()
    for name, module in generator.named_modules():
        module.train(training[name]) if not list(module.children()) else setattr(module, "training", training[name])
    return total / values
