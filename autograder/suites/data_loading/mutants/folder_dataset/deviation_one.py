# wrong: values in [-0.5, 0.5]; hint: Is the deviation of Normalize
# visible check: fails
def folder_dataset(root, image_size):
    steps = [
        transforms.Resize(image_size),
        transforms.CenterCrop(image_size),
        transforms.ToTensor(),
        transforms.Normalize((0.5, 0.5, 0.5), (1.0, 1.0, 1.0)),
    ]
    return datasets.ImageFolder(root, transform=transforms.Compose(steps))
