# wrong: squeezed into a square; hint: Is the photo squeezed
# visible check: fails
def folder_dataset(root, image_size):
    steps = [
        transforms.Resize((image_size, image_size)),
        transforms.CenterCrop(image_size),
        transforms.ToTensor(),
        transforms.Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5)),
    ]
    return datasets.ImageFolder(root, transform=transforms.Compose(steps))
