# right: make_grid normalises
def image_grid(images, columns):
    grid = make_grid(images.detach().cpu(), nrow=columns, padding=0, normalize=True, value_range=(-1, 1))
    return np.transpose(grid.numpy(), (1, 2, 0))
