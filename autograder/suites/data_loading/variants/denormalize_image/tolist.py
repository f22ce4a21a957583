# right: Python's own round, pixel by pixel
def denormalize_image(tensor):
    c, h, w = tensor.shape
    out = np.empty((h, w, c), dtype=np.uint8)
    for k, plane in enumerate(tensor.tolist()):
        for i, row in enumerate(plane):
            out[i, :, k] = [min(255, max(0, round((value + 1) * 127.5))) for value in row]
    return out
