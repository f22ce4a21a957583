# right: a canvas of NumPy, denormalised by one's own function, a wide frame
def image_grid(images, columns):
    n, _, h, w = images.shape
    rows = (n + columns - 1) // columns
    canvas = np.ones((rows * (h + 3) + 3, columns * (w + 3) + 3, 3), dtype=np.float64)
    for k in range(n):
        r, c = k // columns, k % columns
        top, left = 3 + r * (h + 3), 3 + c * (w + 3)
        canvas[top:top + h, left:left + w] = denormalize_image(images[k]) / 255
    return canvas
