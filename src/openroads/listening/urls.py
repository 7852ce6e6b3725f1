"""Addresses of the listening room."""

from django.urls import path

from openroads.listening.views import gap, imports, sources

app_name = "listening"
urlpatterns = [
    path("gap/", gap.gap, name="gap"),
    path("gap/words.csv", gap.words_csv, name="gap_csv"),
    path("gap/page.pdf", gap.page_pdf, name="gap_pdf"),
    path("gap/method/", gap.method, name="gap_method"),
    path("posts/", gap.posts, name="posts"),
    path("imports/", imports.imports, name="imports"),
    path("imports/<int:import_id>/", imports.one_import, name="import"),
    path("imports/<int:import_id>/start/", imports.start, name="start_import"),
    path("imports/<int:import_id>/stop/", imports.stop, name="stop_import"),
    path("imports/<int:import_id>/resume/", imports.resume, name="resume_import"),
    path("imports/<int:import_id>/rejected.csv", imports.rejected, name="rejected_rows"),
    path("sources/", sources.sources, name="sources"),
    path("sources/feed/", sources.add_feed, name="add_feed"),
    path("sources/site/", sources.add_site, name="add_site"),
    path("sources/<int:source_id>/visit/", sources.visit, name="visit_source"),
    path("sources/<int:source_id>/pause/", sources.pause, name="pause_source"),
    path("texts/", sources.texts, name="texts"),
    path("texts/add/", sources.add_texts, name="add_texts"),
    path("texts/<int:text_id>/", sources.one_text, name="text"),
    path("texts/<int:text_id>/remove/", sources.remove_text, name="remove_text"),
    path("names/", sources.names, name="names"),
]
