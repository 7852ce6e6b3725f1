"""Single sign-on by the company's own issuer (OpenID Connect): allauth's flow with our own transport
and our own look at what the issuer says."""
