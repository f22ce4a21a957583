# right: the middle square first, then its size
def folder_dataset(root, image_size):
    def middle(photo):
        return transforms.functional.center_crop(photo, min(photo.size))
    return datasets.ImageFolder(root, transforms.Compose([
        middle, transforms.Resize((image_size, image_size)), transforms.PILToTensor(),
        transforms.ConvertImageDtype(torch.float), transforms.Normalize(0.5, 0.5)]))
