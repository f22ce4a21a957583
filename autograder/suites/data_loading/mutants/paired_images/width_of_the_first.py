# wrong: every file is cut where the middle of the first one is; hint: each file cut in its own middle
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
        sketch, photo = pair.tensor_split([Image.open(self.paths[0]).width // 2], dim=2)
        if self.transform is not None:
            sketch, photo = self.transform(sketch, photo)
        return sketch, photo
