# wrong: the upper left corner; hint: Which part of the resized photo
# visible check: fails
def folder_dataset(root, image_size):
    def prepare(photo):
        w, h = photo.size
        scale = image_size / min(w, h)
        photo = photo.resize((max(image_size, round(w * scale)), max(image_size, round(h * scale))), Image.BILINEAR)
        left, top = 0, 0
        photo = photo.crop((left, top, left + image_size, top + image_size))
        return normalize_image(np.asarray(photo))
    return datasets.ImageFolder(root, prepare)
