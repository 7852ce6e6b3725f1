"""Addresses of single sign-on, under the names by which allauth finds them."""

from django.urls import path

from openroads.directory.single_sign_on import views

urlpatterns = [
    path("oidc/<slug:provider_id>/login/", views.login, name="openid_connect_login"),
    path("oidc/<slug:provider_id>/login/callback/", views.callback, name="openid_connect_callback"),
]
