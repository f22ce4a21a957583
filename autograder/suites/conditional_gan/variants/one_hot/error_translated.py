# right: F.one_hot's own complaint, in another class
class UnknownClass(ValueError):
    pass


def one_hot(labels, classes):
    try:
        return nn.functional.one_hot(labels, num_classes=classes).type(torch.FloatTensor)
    except RuntimeError as error:
        raise UnknownClass(str(error)) from error
