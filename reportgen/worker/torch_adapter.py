"""PyTorch: ``torch``, ``torch.special`` and ``torch.nn.functional``, each call executed at once.

Tensors share the memory of NumPy arrays with its strides; PyTorch has none that run backwards, for which ``torch.flip``
makes a copy.
"""

import numpy as np
from base import ArrayAdapter
from common import RefusedError, resolve


class Adapter(ArrayAdapter):
    """PyTorch on the CPU or the first GPU."""

    library = "torch"
    name = "PyTorch"
    devices = ("CPU", "GPU")
    runs = "is called eagerly"

    def begin(self):
        import torch

        self.torch = torch
        self.place = torch.device("cuda:0" if self.device == "GPU" else "cpu")
        if self.device == "GPU" and not torch.cuda.is_available():
            return "PyTorch sees no GPU"
        torch.set_num_threads(self.threads)
        return None

    @property
    def version(self):
        return self.torch.__version__

    def typed(self, array, dtype):
        """bfloat16 stays bits, which PyTorch takes for its own dtype without a package in between."""
        return array.view(np.bool_) if dtype == "bool" else array

    def evaluate(self, job):
        self.bits = job.dtype == "bfloat16"
        return super(Adapter, self).evaluate(job)

    def tensor(self, array, layout):
        array = np.asarray(array)
        turned = array.ndim > 0 and array.strides[0] < 0
        if self.bits:
            array = array.view(np.int16)
        tensor = self.torch.from_numpy(array[::-1] if turned else array) if array.ndim else self.torch.tensor(array[()])
        tensor = tensor.view(self.torch.bfloat16) if self.bits else tensor
        # A copy to the GPU is packed: the strides would be lost.
        tensor = tensor.to(self.place) if self.device == "GPU" else tensor
        return self.torch.flip(tensor, (0,)) if turned else tensor

    def cast(self, job):
        function, wanted = resolve(job.path), getattr(self.torch, job.to)
        return lambda x: function(x, wanted)

    def gradient(self, function, number):
        def gradient(*args):
            args = [a.detach().requires_grad_(i == number) for i, a in enumerate(args)]
            result = function(*args)
            return self.torch.autograd.grad(result, args[number], self.torch.ones_like(result))[0]

        return gradient

    def wait(self, results):
        if self.device == "GPU":
            self.torch.cuda.synchronize()

    def back(self, result):
        if not self.torch.is_tensor(result):
            raise RefusedError("the function returns a {}, no tensor".format(type(result).__name__))
        name = str(result.dtype).rpartition(".")[2]
        result = result.detach().cpu().resolve_conj()
        if name == "bfloat16":
            return result.contiguous().view(self.torch.int16).numpy().view(np.uint16), name
        return result.numpy(), name

    def lacks(self, error):
        """PyTorch says ``"exp_cpu" not implemented for 'Half'`` in a RuntimeError."""
        words = ("not implemented for", "not supported", "does not require grad", "not differentiable", "must be")
        said = isinstance(error, RuntimeError) and any(w in str(error) for w in words)
        return said or super(Adapter, self).lacks(error)

    def compute(self, name, *arrays):
        self.bits = False
        return super(Adapter, self).compute(name, *arrays)

    def described(self):
        torch = self.torch
        return {
            "git_version": torch.version.git_version,
            "cuda": torch.version.cuda,
            "gpu": torch.cuda.get_device_name(0) if self.device == "GPU" else None,
            "cpu_capability": torch.backends.cpu.get_cpu_capability(),
            "flush_denormal": False,
            "threads": {"intra_op": torch.get_num_threads(), "inter_op": torch.get_num_interop_threads()},
        }

    def unmet(self, expect):
        if expect.pop("gpu", False) and not self.torch.cuda.is_available():
            return "PyTorch sees no GPU"
        return super(Adapter, self).unmet(expect)
