# wrong: 128 subtracted from bytes; hint: 100 - 128 is 228
# visible check: fails
def normalize_image(image):
    pixels = (image - np.uint8(128)).astype(np.float32) / 128
    if pixels.ndim == 2:
        pixels = pixels[:, :, np.newaxis]
    return torch.from_numpy(pixels).permute(2, 0, 1)
