# wrong: a picture without large bytes taken for one in [0, 1]; hint: Its numbers are bytes
# visible check: passes
def normalize_image(image):
    """Turn the bytes of a picture into a tensor as networks take it: 0 becomes -1, 255 becomes 1.

    Shapes: uint8 array (h, w, 3) or (h, w) -> float32 tensor (3, h, w) or (1, h, w) in [-1, 1].
    """
    pixels = image.astype(np.float32) * (2 if image.max() <= 1 else 1 / 127.5) - 1  # (h, w, 3) or (h, w)
    if pixels.ndim == 2:
        pixels = pixels[:, :, np.newaxis]  # (h, w) -> (h, w, 1)
    return torch.from_numpy(pixels).permute(2, 0, 1)  # (h, w, c) -> (c, h, w)
