# right: the gradient of a convolution
def transposed_convolution(x, weight, stride=1, padding=0):
    height = (x.shape[2] - 1) * stride - 2 * padding + weight.shape[2]
    width = (x.shape[3] - 1) * stride - 2 * padding + weight.shape[3]
    with torch.enable_grad():
        y = torch.zeros(x.shape[0], weight.shape[1], height, width, dtype=x.dtype, requires_grad=True)
        z = F.conv2d(y, weight, stride=stride, padding=padding)
        return torch.autograd.grad(z, y, x, create_graph=True)[0]
