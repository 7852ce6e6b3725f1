"""How a form shows a field: label without a colon, field, error, hint; what may stay empty is marked."""

from django.forms.renderers import DjangoTemplates


class FieldsOfTheHouse(DjangoTemplates):
    """The renderer of every form. The setting FORM_RENDERER names it."""

    field_template_name = "ui/field.html"
