# right: the mean of each picture, then that of the batch
def cycle_loss(reconstructed, original):
    of_pictures = torch.abs(reconstructed - original).flatten(1).mean(dim=1)
    return of_pictures.mean()
