from django.contrib.auth.views import LogoutView
from django.urls import path

from jobs.views import accounts, buttons, errors, fragments, holdings, pages, signin

urlpatterns = [
    path("", pages.job_list, name="job_list"),
    path("jobs/<int:pk>", pages.job_detail, name="job_detail"),
    path("jobs/rows", fragments.job_rows, name="job_rows"),
    path("jobs/<int:pk>/row", fragments.job_row, name="job_row"),
    path("jobs/<int:pk>/state", fragments.job_state, name="job_state"),
    path("jobs/<int:pk>/freshness", fragments.job_freshness, name="job_freshness"),
    path("jobs/<int:pk>/checkpoints", fragments.job_checkpoints, name="job_checkpoints"),
    path("jobs/<int:pk>/events/after/<int:event_pk>", fragments.newer_events, name="newer_events"),
    path("jobs/<int:pk>/events/before/<int:event_pk>", fragments.older_events, name="older_events"),
    path("jobs/<int:pk>/charts/<slug:family>", fragments.chart, name="chart"),
    path("jobs/<int:pk>/ask/<slug:verb>", buttons.ask, name="ask"),
    path("jobs/<int:pk>/ask/<slug:verb>/confirm", buttons.confirm, name="confirm"),
    path("health", fragments.health, name="health"),
    path("accounts", accounts.account_list, name="account_list"),
    path("accounts/new", accounts.account_add, name="account_add"),
    path("accounts/new/test", accounts.account_test, name="account_test_new"),
    path("accounts/<int:pk>", accounts.account_detail, name="account_detail"),
    path("accounts/<int:pk>/leave", accounts.account_leave, name="account_leave"),
    path("accounts/<int:pk>/test", accounts.account_test, name="account_test"),
    path("accounts/<int:pk>/files", holdings.account_files, name="account_files"),
    path("accounts/<int:pk>/models", holdings.account_models, name="account_models"),
    path(
        "accounts/<int:pk>/inventory/<slug:what>",
        holdings.account_inventory,
        name="account_inventory",
    ),
    path("files/<int:pk>/delete", holdings.file_delete, name="file_delete"),
    path("models/<int:pk>/delete", holdings.model_delete, name="model_delete"),
    path("sign-in", signin.sign_in, name="sign_in"),
    path("sign-in/<str:token>", signin.sign_in_by_link, name="sign_in_by_link"),
    path("sign-out", LogoutView.as_view(), name="sign_out"),
    path("password", signin.password, name="password"),
    path("healthz", errors.healthz, name="healthz"),
]
