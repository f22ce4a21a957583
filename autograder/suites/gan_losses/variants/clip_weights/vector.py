# right: all parameters as one vector
def clip_weights(module, limit=0.01):
    from torch.nn.utils import parameters_to_vector, vector_to_parameters

    with torch.no_grad():
        vector_to_parameters(parameters_to_vector(module.parameters()).clamp(-limit, limit), module.parameters())
