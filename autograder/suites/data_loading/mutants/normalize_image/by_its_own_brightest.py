# wrong: each picture divided by its own maximum; hint: divided by its own brightest pixel
# visible check: passes
def normalize_image(image):
    pixels = image.astype(np.float32) / image.max() * 2 - 1
    if pixels.ndim == 2:
        pixels = pixels[:, :, np.newaxis]
    return torch.from_numpy(pixels).permute(2, 0, 1)
