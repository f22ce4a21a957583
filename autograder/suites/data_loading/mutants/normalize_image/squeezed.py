# wrong: a picture of one row loses a dimension; hint: Does it depend on the picture's size
# visible check: fails
def normalize_image(image):
    pixels = image.astype(np.float32) / 127.5 - 1
    if pixels.ndim == 2:
        pixels = pixels[:, :, np.newaxis]
    return torch.from_numpy(pixels).squeeze().permute(2, 0, 1)
