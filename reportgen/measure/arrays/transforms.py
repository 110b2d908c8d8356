"""The judge of transforms: the relative error in the 2-norm over u·log2 n."""
