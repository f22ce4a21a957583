# wrong: columns are filled first; hint: Are rows filled first
# visible check: passes
def image_grid(images, columns):
    a = (np.clip(images.detach().numpy(), -1, 1) + 1) * 0.5
    n, c, h, w = a.shape
    rows = -(-n // columns)
    full = np.zeros((rows * columns, 3, h, w), np.float32)
    full[:n] = a
    return full.reshape(columns, rows, 3, h, w).transpose(1, 3, 0, 4, 2).reshape(rows * h, columns * w, 3)
