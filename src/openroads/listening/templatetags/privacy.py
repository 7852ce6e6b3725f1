"""Words of the register and of the ear in templates."""

from django import template

from openroads.listening.ear.words import rate, span
from openroads.listening.register.words import security_words, stored_words

register = template.Library()
register.filter("stored_words", stored_words)
register.filter("security_words", security_words)
register.filter("span", span)
register.filter("rate", rate)
