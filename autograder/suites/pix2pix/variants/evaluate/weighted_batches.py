# right: batches' means weighted by their sizes, modes back in a finally, inference mode
def evaluate(generator, loader):
    modules = list(generator.modules())
    flags = [m.training for m in modules]
    losses, sizes = [], []
    try:
        generator.train(False)
        with torch.inference_mode():
            for batch in loader:
                sketch, photo = batch
                losses.append(float(l1_only_loss(generator(sketch), photo)))
                sizes.append(sketch.shape[0])
    finally:
        for m, flag in zip(modules, flags):
            m.training = flag
    return float(np.average(losses, weights=sizes))
