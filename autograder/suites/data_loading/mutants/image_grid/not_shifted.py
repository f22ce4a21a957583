# wrong: values in [-1, 1]; hint: Are the pictures moved from
# visible check: fails
def image_grid(images, columns):
    brightness = images.detach().cpu()
    grid = make_grid(brightness, nrow=columns, pad_value=1.0)
    return grid.permute(1, 2, 0)
