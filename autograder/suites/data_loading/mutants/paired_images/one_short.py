# wrong: the last pair is never shown; hint: number of pictures of this split
# visible check: fails
class PairedImages(Dataset):
    def __init__(self, root, split, transform=None):
        self.paths = list_images(root, split)
        self.transform = transform

    def __len__(self):
        return len(self.paths) - 1

    def __getitem__(self, index):
        with Image.open(self.paths[index]) as picture:
            pixels = np.array(picture.convert("RGB"))
        pair = normalize_image(pixels)
        sketch, photo = split_pair(pair)
        if self.transform is not None:
            sketch, photo = self.transform(sketch, photo)
        return sketch, photo
