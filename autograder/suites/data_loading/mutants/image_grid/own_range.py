# wrong: the range of what is there; hint: Is the range given to make_grid
# visible check: fails
def image_grid(images, columns):
    grid = make_grid(images.detach().cpu(), nrow=columns, padding=0, normalize=True)
    return np.transpose(grid.numpy(), (1, 2, 0))
