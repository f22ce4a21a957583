# wrong: everything in one row; hint: Are all pictures in a single row
# visible check: fails
def image_grid(images, columns):
    brightness = (images.detach().cpu().clamp(-1, 1) + 1) / 2
    grid = make_grid(brightness, nrow=len(images), pad_value=1.0)
    return grid.permute(1, 2, 0)
