# right: torchvision.transforms.v2
from torchvision.transforms import v2
def normalize_image(image):
    steps = v2.Compose([v2.ToImage(), v2.ToDtype(torch.float32, scale=True), v2.Normalize(mean=[0.5], std=[0.5])])
    return torch.Tensor(steps(image))
