"""TensorFlow's public names that are no rows of the catalogue; reasons by key stand in ``exclusions.py``."""

from __future__ import annotations

GROUPS: dict[str, dict[str, str]] = {
    "tensorflow": {
        "arranging": """
            batch_to_space boolean_mask broadcast_to concat dynamic_partition dynamic_stitch expand_dims
            extract_volume_patches gather gather_nd identity identity_n pad parallel_stack repeat reshape reverse
            reverse_sequence roll scatter_nd slice space_to_batch space_to_batch_nd split squeeze stack strided_slice
            tensor_scatter_nd_add tensor_scatter_nd_max tensor_scatter_nd_min tensor_scatter_nd_sub
            tensor_scatter_nd_update tile transpose unstack""",
        "making": """
            constant convert_to_tensor eye fill one_hot ones ones_like ragged_fill_empty_rows
            ragged_fill_empty_rows_grad sequence_mask zeros zeros_like""",
        "sequence": "linspace meshgrid range",
        "linalg": "eigvals matrix_square_root",
        "transform": "fftnd ifftnd irfftnd rfftnd",
        "statistics": "histogram_fixed_width histogram_fixed_width_bins",
        "ordering": "approx_top_k argsort searchsorted sort unique unique_with_counts",
        "indices": "unravel_index",
        "choosing": "where",
        "asking": """
            broadcast_dynamic_shape broadcast_static_shape ensure_shape get_static_value is_symbolic_tensor is_tensor
            rank required_space_to_batch_paddings shape shape_n size type_spec_from_value""",
        "text": "as_string edit_distance fingerprint",
        "system": "get_logger load_library load_op_library print timestamp",
        "applying": """
            foldl foldr map_fn nondifferentiable_batch_function numpy_function py_function scan vectorized_map""",
        "program": """
            Assert assert_equal assert_greater assert_less assert_rank case check_pinned cond control_dependencies
            device executing_eagerly function get_current_name_scope group guarantee_const import_graph_def init_scope
            inside_function make_ndarray make_tensor_proto no_op register_tensor_conversion_function switch_case tuple
            variable_creator_scope while_loop""",
        "derivatives": """
            custom_gradient grad_pass_through gradients hessians no_gradient recompute_grad stop_gradient""",
        "random": "random_index_shuffle",
        "normalising": "clip_by_global_norm clip_by_norm",
        "convolution": "conv conv2d_backprop_filter_v2 conv2d_backprop_input_v2",
    },
    "tensorflow.math": {
        "arranging": "invert_permutation",
        "reduction": """
            lbeta reduce_all reduce_any reduce_euclidean_norm
            segment_max segment_mean segment_min segment_prod
            unsorted_segment_mean unsorted_segment_min unsorted_segment_prod
            unsorted_segment_sqrt_n zero_fraction""",
        "statistics": "confusion_matrix",
        "ordering": "approx_max_k approx_min_k in_top_k top_k",
        "whole": "is_non_decreasing is_strictly_increasing",
        "random": "sobol_sample",
        "normalising": "l2_normalize",
    },
    "tensorflow.nn": {
        "arranging": "collapse_repeated depth_to_space space_to_depth",
        "reduction": "l2_loss moments sufficient_statistics weighted_moments",
        "ordering": "isotonic_regression",
        "random": "dropout",
        "convolution": """
            atrous_conv2d atrous_conv2d_transpose avg_pool avg_pool1d avg_pool2d avg_pool3d conv1d_transpose
            conv2d_transpose conv3d conv3d_transpose conv_transpose convolution
            depthwise_conv2d_backprop_filter depthwise_conv2d_backprop_input dilation2d erosion2d fractional_avg_pool
            fractional_max_pool max_pool max_pool1d max_pool2d max_pool3d max_pool_with_argmax pool separable_conv2d
            with_space_to_batch""",
        "normalising": """
            batch_norm_with_global_normalization batch_normalization local_response_normalization normalize_moments""",
        "losses": """
            compute_average_loss ctc_beam_search_decoder ctc_greedy_decoder ctc_loss ctc_unique_labels
            log_poisson_loss nce_loss sampled_softmax_loss scale_regularization_loss
            sigmoid_cross_entropy_with_logits softmax_cross_entropy_with_logits
            sparse_softmax_cross_entropy_with_logits weighted_cross_entropy_with_logits""",
        "embedding": """
            all_candidate_sampler compute_accidental_hits embedding_lookup embedding_lookup_sparse
            fixed_unigram_candidate_sampler learned_unigram_candidate_sampler safe_embedding_lookup_sparse""",
    },
    "tensorflow.dtypes": {"asking": "as_dtype"},
    "tensorflow.linalg": {
        "arranging": "adjoint band_part diag diag_part matrix_transpose set_diag tensor_diag tensor_diag_part",
        "making": "eye",
        "linalg": """
            banded_triangular_solve cholesky_solve cross eigh_tridiagonal eigvals logdet logm lu_matrix_inverse
            lu_reconstruct lu_solve normalize sqrtm trace tridiagonal_matmul tridiagonal_solve""",
        "normalising": "global_norm",
    },
    "tensorflow.signal": {
        "transform": """
            fftnd fftshift frame hamming_window hann_window ifftnd ifftshift inverse_mdct inverse_stft
            inverse_stft_window_fn irfftnd kaiser_bessel_derived_window kaiser_window linear_to_mel_weight_matrix mdct
            mfccs_from_log_mel_spectrograms overlap_and_add rfftnd stft vorbis_window""",
    },
    "tensorflow.experimental.numpy": {
        "arranging": """
            append atleast_1d atleast_2d atleast_3d broadcast_arrays broadcast_to compress concatenate copy diag
            diagflat diagonal dsplit dstack expand_dims flatten flip fliplr flipud hsplit hstack moveaxis pad ravel
            repeat reshape roll rot90 split squeeze stack swapaxes take take_along_axis tile transpose tril triu
            vsplit vstack""",
        "making": """
            array asanyarray asarray ascontiguousarray empty empty_like eye full full_like identity ones ones_like tri
            vander zeros zeros_like""",
        "sequence": "arange geomspace linspace logspace meshgrid",
        "reduction": "all any average mean nanmean nanprod nansum prod ptp std sum trace var",
        "running": "cumprod cumsum",
        "neighbours": "diff",
        "contraction": "cross dot einsum inner kron matmul tensordot",
        "statistics": "count_nonzero",
        "ordering": "argmax argmin argsort sort",
        "whole": "allclose array_equal",
        "indices": "diag_indices ix_ nonzero",
        "choosing": "select where",
        "asking": "finfo iscomplexobj isrealobj isscalar issubdtype ndim promote_types result_type shape size",
        "system": "experimental_enable_numpy_behavior",
        "polynomial": "polyval",
    },
}

_ROUND = "A composite of multiply, round and divide, which are measured; by itself it raises AttributeError."

SINGLE = {
    "tensorflow.bitcast": "Reads the bits of one dtype as another; computes no number.",
    "tensorflow.complex": "Puts a real and an imaginary part side by side; computes no number.",
    "tensorflow.saturate_cast": "A composite of clip_by_value and cast; both are measured.",
    "tensorflow.math.accumulate_n": "A sum of several tensors: a chain of additions; add is measured.",
    "tensorflow.math.add_n": "A sum of several tensors: a chain of additions; add is measured.",
    "tensorflow.math.scalar_mul": "Calls tf.math.multiply with a scalar; multiply is measured.",
    "tensorflow.nn.bias_add": "Adds one vector to every row; add is measured.",
    "tensorflow.nn.crelu": "Joins relu(x) and relu(-x) along an axis; relu is measured.",
    "tensorflow.experimental.numpy.around": _ROUND,
    "tensorflow.experimental.numpy.round": _ROUND,
    "tensorflow.experimental.numpy.divmod": "Returns floor_divide and mod as a pair; both are measured.",
    "tensorflow.experimental.numpy.iscomplex": (
        "Compares the imaginary part with zero; imag and not_equal are measured."
    ),
    "tensorflow.experimental.numpy.isreal": "Compares the imaginary part with zero; imag and equal are measured.",
    "tensorflow.experimental.numpy.isclose": (
        "A composite of abs, subtract, multiply and less_equal with a tolerance; each is measured."
    ),
}

NUMPY_WRAPPERS = """
    abs=abs absolute=abs add=add amax=reduce_max amin=reduce_min arccos=acos arccosh=acosh arcsin=asin arcsinh=asinh
    arctan=atan arctan2=atan2 arctanh=atanh ceil=ceil cos=cos cosh=cosh divide=divide equal=equal exp=exp expm1=expm1
    floor=floor floor_divide=floordiv greater=greater greater_equal=greater_equal isfinite=is_finite isinf=is_inf
    isnan=is_nan less=less less_equal=less_equal log=log log1p=log1p max=reduce_max maximum=maximum min=reduce_min
    minimum=minimum mod=floormod multiply=multiply negative=negative nextafter=nextafter not_equal=not_equal power=pow
    reciprocal=reciprocal remainder=floormod sign=sign sin=sin sinh=sinh sqrt=sqrt square=square subtract=subtract
    tan=tan tanh=tanh true_divide=divide"""
"""``tf.experimental.numpy`` = ``tf.math``: the one converts dtypes and calls the other."""

EQUIVALENT = {
    "tensorflow.math.truediv": "tensorflow.math.divide",
    "tensorflow.realdiv": "tensorflow.math.divide",
    "tensorflow.math.angle": "tensorflow.experimental.numpy.angle",
    "tensorflow.experimental.numpy.bitwise_and": "tensorflow.bitwise.bitwise_and",
    "tensorflow.experimental.numpy.bitwise_not": "tensorflow.bitwise.invert",
    "tensorflow.experimental.numpy.bitwise_or": "tensorflow.bitwise.bitwise_or",
    "tensorflow.experimental.numpy.bitwise_xor": "tensorflow.bitwise.bitwise_xor",
    "tensorflow.experimental.numpy.clip": "tensorflow.clip_by_value",
    "tensorflow.experimental.numpy.conj": "tensorflow.math.conj",
    "tensorflow.experimental.numpy.conjugate": "tensorflow.math.conj",
    "tensorflow.experimental.numpy.imag": "tensorflow.math.imag",
    "tensorflow.experimental.numpy.real": "tensorflow.math.real",
    **{
        f"tensorflow.math.{name}": f"tensorflow.experimental.numpy.{name}"
        for name in ("logical_and", "logical_not", "logical_or", "logical_xor")
    },
    **{
        f"tensorflow.experimental.numpy.{name}": f"tensorflow.math.{called}"
        for name, _, called in (pair.partition("=") for pair in NUMPY_WRAPPERS.split())
    },
}
