"""NumPy's public names that are no rows of the catalogue; reasons by key stand in ``exclusions.py``."""

from __future__ import annotations

GROUPS: dict[str, dict[str, str]] = {
    "numpy": {
        "arranging": """
            append array_split astype atleast_1d atleast_2d atleast_3d block bmat broadcast_arrays broadcast_to
            column_stack compress concatenate copy copyto delete diag diagflat diagonal dsplit dstack expand_dims
            extract fill_diagonal flip fliplr flipud hsplit hstack insert matrix_transpose moveaxis packbits pad
            permute_dims place put put_along_axis putmask ravel repeat reshape resize roll rollaxis rot90 row_stack
            split squeeze stack swapaxes take take_along_axis tile tril trim_zeros triu unpackbits unstack vsplit
            vstack""",
        "making": """
            array asanyarray asarray asarray_chkfinite ascontiguousarray asfortranarray asmatrix empty empty_like eye
            from_dlpack frombuffer fromfile fromfunction fromiter fromregex fromstring full full_like genfromtxt
            identity loadtxt ones ones_like require tri vander zeros zeros_like""",
        "sequence": "arange bartlett blackman geomspace hamming hanning kaiser linspace logspace meshgrid",
        "reduction": """
            all any average median nanmax nanmean nanmedian nanmin nanpercentile nanprod nanquantile nanstd nansum
            nanvar percentile ptp quantile trace""",
        "running": "cumulative_prod cumulative_sum nancumprod nancumsum",
        "neighbours": "convolve diff ediff1d gradient interp trapezoid unwrap",
        "contraction": "cross einsum_path inner kron vecdot vecmat",
        "statistics": """
            corrcoef cov digitize histogram histogram2d histogram_bin_edges histogramdd""",
        "ordering": """
            argpartition argsort intersect1d isin lexsort nanargmax nanargmin partition searchsorted
            setdiff1d setxor1d sort sort_complex union1d unique unique_all unique_counts unique_inverse
            unique_values""",
        "whole": "allclose array_equal array_equiv",
        "indices": """
            argwhere diag_indices diag_indices_from flatnonzero indices ix_ mask_indices nonzero ravel_multi_index
            tril_indices tril_indices_from triu_indices triu_indices_from unravel_index""",
        "choosing": "choose select where",
        "asking": """
            broadcast_shapes can_cast common_type get_include info iscomplexobj isdtype isfortran isrealobj isscalar
            issubdtype iterable may_share_memory min_scalar_type mintypecode ndim promote_types result_type shape
            shares_memory show_config show_runtime size typename""",
        "text": """
            array2string array_repr array_str base_repr binary_repr format_float_positional format_float_scientific""",
        "dates": "busday_count busday_offset datetime_as_string datetime_data is_busday isnat",
        "system": """
            get_printoptions getbufsize geterr geterrcall load nested_iters printoptions save savetxt savez
            savez_compressed set_printoptions setbufsize seterr seterrcall test""",
        "applying": "apply_along_axis apply_over_axes frompyfunc piecewise",
        "polynomial": "poly polyadd polyder polydiv polyfit polyint polymul polysub roots",
    },
    "numpy.linalg": {
        "linalg": "cond cross eigvals matrix_norm matrix_power multi_dot tensorinv tensorsolve trace vector_norm",
        "arranging": "diagonal matrix_transpose",
        "contraction": "matmul outer tensordot vecdot",
        "system": "test",
    },
    "numpy.fft": {"transform": "fftfreq fftshift hfft ifftshift ihfft rfftfreq", "system": "test"},
    "numpy.emath": {"complexplane": "arccos arcsin arctanh log log10 log2 power sqrt"},
}

SINGLE = {
    "numpy.divmod": "Returns floor_divide and remainder as a pair, bit for bit (tested); both are measured.",
    "numpy.ldexp": "Multiplies by a power of two that is an integer of its own dtype; TensorFlow has no such function.",
    "numpy.emath.logn": "A composite: the quotient of two logarithms; numpy.log and numpy.divide are measured.",
    "numpy.isclose": "A composite of abs, subtract, multiply and less_equal with a tolerance; each is measured.",
    "numpy.iscomplex": "Compares the imaginary part with zero; imag and not_equal are measured.",
    "numpy.isreal": "Compares the imaginary part with zero; imag and equal are measured.",
    "numpy.nan_to_num": "Replaces NaN and infinities by given numbers; passes all others on as they are.",
    "numpy.real_if_close": "Drops imaginary parts that are all small: one decision about a whole array.",
    "numpy.spacing": "Tells the distance to the next float, a property of the format; nextafter is measured.",
}

EQUIVALENT = {
    "numpy.amax": "numpy.max",
    "numpy.amin": "numpy.min",
    "numpy.around": "numpy.round",
    "numpy.degrees": "numpy.rad2deg",
    "numpy.fix": "numpy.trunc",
    "numpy.radians": "numpy.deg2rad",
}
