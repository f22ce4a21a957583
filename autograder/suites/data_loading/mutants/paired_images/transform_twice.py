# wrong: transform is called for each half, and each result is another draw; hint: from one and the same call
# visible check: passes
class PairedImages(Dataset):
    def __init__(self, root, split, transform=None):
        self.paths = list_images(root, split)
        self.transform = transform

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        with Image.open(self.paths[index]) as picture:
            pixels = np.array(picture.convert("RGB"))
        pair = normalize_image(pixels)
        sketch, photo = split_pair(pair)
        if self.transform is not None:
            sketch, photo = self.transform(sketch, photo)[0], self.transform(sketch, photo)[1]
        return sketch, photo
