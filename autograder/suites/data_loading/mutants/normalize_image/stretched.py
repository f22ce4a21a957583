# wrong: each picture stretched to the whole range; hint: stretched by its own
# visible check: passes
def normalize_image(image):
    pixels = 2 * (image.astype(np.float32) - image.min()) / np.ptp(image) - 1
    if pixels.ndim == 2:
        pixels = pixels[:, :, np.newaxis]
    return torch.from_numpy(pixels).permute(2, 0, 1)
