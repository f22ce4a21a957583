# wrong: transform is called in the training split only; hint: when is it called?
# visible check: fails
class PairedImages(Dataset):
    def __init__(self, root, split, transform=None):
        self.paths = list_images(root, split)
        self.transform = transform if split == "train" else None

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        with Image.open(self.paths[index]) as picture:
            pixels = np.array(picture.convert("RGB"))
        pair = normalize_image(pixels)
        sketch, photo = split_pair(pair)
        if self.transform is not None:
            sketch, photo = self.transform(sketch, photo)
        return sketch, photo
