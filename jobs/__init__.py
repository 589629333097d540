"""The domain: fine-tuning jobs, mirrored from an OpenAI-style API.

In one breath: the API speaks, sync listens, models remember, views show; a person asks through actions.

counting    counts    what this process does; pure
search      reads     what people type into the search box; pure
datasets    judges    training files, before anything is sent; pure
charts      draws     tuples -> Plotly figures; plots and comparison_charts draw many jobs at once
upstream    talks     the API's own words over HTTP; knows no Django
models      remember  what the API said, and what was asked of it
advisor     judges    which checkpoint is best, and why
compare     sets side by side  jobs and their figures; recipes what they were trained by
health      judges    does a job that runs or waits do so as it should?
costs       reckon    what an order will cost, and what a job has cost
gateway     opens     the one door from an account to its API
live        rings     tells browsers which job changed, never what
vitals      beats     signs of life of our own processes, for those who keep them running
sync        listens   upstream -> models, and decides when to listen next
actions     asks      a person -> upstream, on the record
orders      creates   a draft -> a job, once, and the files that people bring for it
connection  tries     does an account's key work, and for what?
sharing     asks      which projects may use a model
failures    explain   what a failed job's error means, and what to do next
markdown    shows     what people write in notes, harmlessly
forms       read      what a person types
views       show      rows -> pages, fragments and JSON
tasks       wakes     the clock calls sync and orders; nothing else happens there

A module may import those above it in this list, never below: see importlinter in pyproject.toml.
"""
