# right: another interpolation, of which the text says nothing
def folder_dataset(root, image_size):
    steps = [
        transforms.Resize(image_size, transforms.InterpolationMode.NEAREST),
        transforms.CenterCrop(image_size),
        transforms.ToTensor(),
        transforms.Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5)),
    ]
    return datasets.ImageFolder(root, transform=transforms.Compose(steps))
