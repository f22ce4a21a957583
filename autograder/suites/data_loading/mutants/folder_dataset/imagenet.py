# wrong: the constants of ImageNet; hint: constants of ImageNet
# visible check: fails
def folder_dataset(root, image_size):
    steps = [
        transforms.Resize(image_size),
        transforms.CenterCrop(image_size),
        transforms.ToTensor(),
        transforms.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
    ]
    return datasets.ImageFolder(root, transform=transforms.Compose(steps))
