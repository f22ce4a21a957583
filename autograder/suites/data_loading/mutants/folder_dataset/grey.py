# wrong: colours are lost; hint: Are the photos in colour
# visible check: fails
def folder_dataset(root, image_size):
    steps = [
        transforms.Resize(image_size),
        transforms.CenterCrop(image_size),
        transforms.Grayscale(3), transforms.ToTensor(),
        transforms.Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5)),
    ]
    return datasets.ImageFolder(root, transform=transforms.Compose(steps))
