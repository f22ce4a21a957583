# wrong: columns given as padding; hint: in a single row
# visible check: fails
def image_grid(images, columns):
    brightness = (images.detach().cpu().clamp(-1, 1) + 1) / 2
    grid = make_grid(brightness, 8, columns)
    return grid.permute(1, 2, 0)
