# right: torchvision's ToTensor and Normalize
def normalize_image(image):
    tensor = transforms.ToTensor()(image)
    return transforms.functional.normalize(tensor, [0.5] * len(tensor), [0.5] * len(tensor))
