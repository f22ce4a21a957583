# wrong: blue first; hint: Are the colours in the order
# visible check: fails
class Photos(datasets.ImageFolder):
    def __init__(self, root, size):
        super().__init__(root)
        self.size = size
    def __getitem__(self, index):
        photo, label = super().__getitem__(index)
        photo = transforms.Resize(self.size, interpolation=transforms.InterpolationMode.BICUBIC)(photo)
        photo = transforms.CenterCrop(self.size)(photo)
        return torch.from_numpy(np.array(photo)[..., ::-1].copy().transpose(2, 0, 1)).float() / 127.5 - 1, label
def folder_dataset(root, image_size):
    return Photos(root, image_size)
