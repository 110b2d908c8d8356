"""SciPy's special functions that are no rows of the catalogue; reasons by key stand in ``exclusions.py``."""

from __future__ import annotations

GROUPS: dict[str, dict[str, str]] = {
    "scipy.special": {
        "no-counterpart": """
            agm airy airye assoc_legendre_p assoc_legendre_p_all bdtr bdtrc bdtri bdtrik bdtrin bei beip ber berp
            besselpoly beta betaincc betainccinv betaincinv betaln binom boxcox boxcox1p btdtria btdtrib chdtr chdtrc
            chdtri chdtriv chndtr chndtridf chndtrinc chndtrix comb cosdg cosm1 cotdg diric ellip_harm ellip_harm_2
            ellip_normal ellipe ellipeinc ellipj ellipk ellipkinc ellipkm1 elliprc elliprd elliprf elliprg elliprj entr
            erfcx erfi exp1 exp10 expn exprel factorial factorial2 factorialk fdtr fdtrc fdtri fdtridfd gammainccinv
            gammaincinv gammasgn gdtr gdtrc gdtria gdtrib gdtrix hankel1 hankel1e hankel2 hankel2e huber hyp0f1 hyp1f1
            hyp2f1 hyperu inv_boxcox inv_boxcox1p it2i0k0 it2j0y0 it2struve0 itairy iti0k0 itj0y0 itmodstruve0
            itstruve0 iv ive jv jve kei keip kelvin ker kerp kl_div kn kolmogi kolmogorov kv kve lambertw log_ndtr
            log_wright_bessel loggamma logit lpmv mathieu_a mathieu_b mathieu_cem mathieu_modcem1 mathieu_modcem2
            mathieu_modsem1 mathieu_modsem2 mathieu_sem modfresnelm modfresnelp modstruve multigammaln nbdtr nbdtrc
            nbdtri nbdtrik nbdtrin ncfdtr ncfdtri ncfdtridfd ncfdtridfn ncfdtrinc nctdtr nctdtridf nctdtrinc nctdtrit
            ndtr
            ndtri_exp nrdtrimn nrdtrisd obl_ang1 obl_ang1_cv obl_cv obl_rad1 obl_rad1_cv obl_rad2 obl_rad2_cv owens_t
            pbdv pbvv pbwa pdtr pdtrc pdtri pdtrik perm poch powm1 pro_ang1 pro_ang1_cv pro_cv pro_rad1 pro_rad1_cv
            pro_rad2 pro_rad2_cv pseudo_huber radian rel_entr rgamma shichi sici sindg smirnov smirnovi spherical_in
            spherical_jn spherical_kn spherical_yn stdtr stdtridf stdtrit stirling2 struve tandg tklmbda voigt_profile
            wofz wright_bessel wrightomega yn yv yve zetac
            assoc_laguerre eval_chebyc eval_chebys eval_chebyt eval_chebyu eval_gegenbauer eval_genlaguerre
            eval_hermite eval_hermitenorm eval_jacobi eval_laguerre eval_legendre eval_sh_chebyt eval_sh_chebyu
            eval_sh_jacobi eval_sh_legendre legendre_p legendre_p_all sph_harm_y sph_harm_y_all sph_legendre_p
            sph_legendre_p_all
            h1vp h2vp ivp jvp kvp lmbda lqmn lqn pbdn_seq pbdv_seq pbvv_seq riccati_jn riccati_yn yvp
            bernoulli euler mathieu_even_coef mathieu_odd_coef obl_cv_seq pro_cv_seq""",
        "polynomial": """
            chebyc chebys chebyt chebyu gegenbauer genlaguerre hermite hermitenorm jacobi laguerre legendre sh_chebyt
            sh_chebyu sh_jacobi sh_legendre
            roots_chebyc roots_gegenbauer roots_hermite roots_hermitenorm roots_jacobi roots_sh_jacobi roots_laguerre
            roots_genlaguerre roots_legendre roots_sh_legendre roots_chebys roots_chebyt roots_chebyu roots_sh_chebyt
            roots_sh_chebyu""",
        "sequence": """
            ai_zeros bei_zeros beip_zeros ber_zeros berp_zeros bi_zeros erf_zeros fresnel_zeros fresnelc_zeros
            fresnels_zeros jn_zeros jnjnp_zeros jnp_zeros jnyn_zeros kei_zeros keip_zeros kelvin_zeros ker_zeros
            kerp_zeros y0_zeros y1_zeros y1p_zeros yn_zeros ynp_zeros""",
        "system": "geterr seterr test",
    },
}

SINGLE: dict[str, str] = {
    f"scipy.special.{name}": f"SciPy's own form of a function of NumPy, which is measured as numpy.{counterpart}."
    for name, counterpart in {"sinc": "sinc"}.items()
}

EQUIVALENT: dict[str, str] = {}
