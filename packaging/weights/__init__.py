"""Make the two models that tell voices apart out of the weights as their makers published them.

``python3 packaging/dev.py voices`` starts it. Neither PyTorch nor the onnx package is
needed: the weights are read as the numbers they are, the networks written down here.
"""
