# wrong: float64; hint: unless it is told otherwise
# visible check: fails
def normalize_image(image):
    pixels = image / 127.5 - 1
    if pixels.ndim == 2:
        pixels = pixels[:, :, np.newaxis]
    return torch.from_numpy(pixels).permute(2, 0, 1)
