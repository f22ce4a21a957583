# right: np.transpose, double precision in between
def normalize_image(image):
    image = np.atleast_3d(image)
    scaled = 2.0 * (image.transpose(2, 0, 1) / 255.0) - 1.0
    return torch.tensor(np.ascontiguousarray(scaled), dtype=torch.float32)
