"""Quiet: what must be set before Rasa is imported. Import this first.

Without it Rasa calls home while training, TensorFlow explains itself at length, and the embedding's OpenMP
threads spin while they wait for each other: on a busy machine single parses then took over 5 seconds,
with passive waiting 0.2 at most.
"""

from __future__ import annotations

import os
import warnings

SETTINGS = {
    "RASA_TELEMETRY_ENABLED": "false",
    "RASA_MAX_CACHE_SIZE": "0",  # our own cache keeps whole models; Rasa's would litter the checkout
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "CUDA_VISIBLE_DEVICES": "",
    "OMP_WAIT_POLICY": "passive",
    "OPENBLAS_NUM_THREADS": "1",
}

for _name, _value in SETTINGS.items():
    os.environ.setdefault(_name, _value)
warnings.filterwarnings("ignore", category=DeprecationWarning)
warnings.filterwarnings("ignore", category=UserWarning)
