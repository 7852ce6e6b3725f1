"""The ledger of what is asked of networks, and the prices people were shown before a paid source began."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Spending(models.Model):
    """What one source spent of one allowance in one day or month.

    `account` stands for the key it asks with: sources with the same key share an allowance. The limits
    are those that held when it was last spent. `left_told` is what the network itself says is left.
    """

    source = models.ForeignKey("listening.Source", on_delete=models.CASCADE, related_name="+")
    account = models.CharField(max_length=40)
    allowance = models.CharField(max_length=30)
    period = models.CharField(max_length=5)
    begins_on = models.DateField()
    units = models.BigIntegerField(default=0)
    calls = models.BigIntegerField(default=0)
    money = models.DecimalField(max_digits=14, decimal_places=4, default=Decimal(0))
    limit_units = models.BigIntegerField(null=True, blank=True)
    limit_money = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    left_told = models.BigIntegerField(null=True, blank=True)
    closed_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "listening"
        verbose_name = _("spending")
        verbose_name_plural = _("spending")
        ordering = ("-begins_on", "allowance", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("source", "account", "allowance", "begins_on"),
                name="one_spending_a_period",
            )
        ]
        indexes = [
            models.Index(fields=("account", "allowance", "begins_on"), name="spending_of_account")
        ]

    def __str__(self) -> str:
        return f"{self.allowance} {self.begins_on}"


class CostPreview(models.Model):
    """What a month of a paid source would cost, asked of its network; money in US dollars.

    `counted` is None until the network answered; `error` is why it did not. `fingerprint` is that of the
    settings it was asked for: with others it says nothing.
    """

    source = models.ForeignKey("listening.Source", on_delete=models.CASCADE, related_name="+")
    fingerprint = models.CharField(max_length=64)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(auto_now_add=True)
    counted = models.PositiveBigIntegerField(null=True, blank=True)
    posts = models.PositiveBigIntegerField(null=True, blank=True)
    reading = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    looking_again = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    error = models.CharField(max_length=500, blank=True)
    agreed_at = models.DateTimeField(null=True, blank=True)
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        app_label = "listening"
        verbose_name = _("cost preview")
        verbose_name_plural = _("cost previews")
        ordering = ("-asked_at", "-pk")

    def __str__(self) -> str:
        return f"{self.source_id} {self.asked_at}"

    @property
    def together(self) -> Decimal | None:
        """Reading and looking again; None while it is not known."""
        if self.reading is None or self.looking_again is None:
            return None
        return self.reading + self.looking_again
