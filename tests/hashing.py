"""The house's own way of keeping passwords, made quick: three hundred sign-ins need no strong one."""

from django.contrib.auth.hashers import ScryptPasswordHasher


class QuickScrypt(ScryptPasswordHasher):
    """Scrypt with two rounds for its sixteen thousand; what it writes down says so itself."""

    work_factor = 2
