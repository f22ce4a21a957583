# wrong: values in [0, 1]; hint: ToTensor alone gives
# visible check: fails
def folder_dataset(root, image_size):
    steps = [
        transforms.Resize(image_size),
        transforms.CenterCrop(image_size),
        transforms.ToTensor(),
    ]
    return datasets.ImageFolder(root, transform=transforms.Compose(steps))
