"""A stand-alone server of OpenAI's fine-tuning API that really trains a tiny model.

    python -m sandbox --port 8001 --data DIR [--demo]

The way of a job: `routes.jobs` reads the request, `orders` checks it, `lifecycle` writes it to
the `store`; `runner` has its files judged by `examples`, gives it a slot and follows its
`trainer`, a child process, whose every line becomes an event or a checkpoint through `lifecycle`.

    __main__, flags   flags, the socket, clear sentences when it cannot start
    app, front_door   the ASGI application; what stands before its endpoints
    gate              by which names it may be called, and by whose pages
    translation, quirks, dialects/   the words in which answers leave
    faults, sabotage, distortions, connections, ledger   what goes wrong on demand
    limits            how often the service may be asked
    context, routes/  the endpoints: read the request, make one call, show the record
    bodies, orders, hyperparameters, paging, errors   what requests may say, and how no is said
    replies           records as the service's JSON
    openapi/          what is served, in the words of OpenAPI
    answers           answers caught on their way out
    records, store    what is remembered, and the folder in which it is
    tables            its database: made from schema.sql, or brought up to it
    lifecycle         every status and every event of a job
    telling           a step in words, all steps as a table
    runner            who trains, and when
    webhooks, courier who is told of a job's end; telling them until they have heard
    files, uploads, expiry   what is kept of what came, whole or in parts, and for how long
    catalog           the base models
    examples          is an uploaded file fit for training?
    assignment        what the runner tells a trainer to do
    trainer           the training process: batches, milestones, snapshots
    graders/          how good is what a model wrote?
    lessons           text -> bytes with taught places
    objectives/       supervised, direct preference, by reward
    model             the tiny language model, its optimiser, its snapshots
    demo, datasets/   three data sets and four jobs to look at
    seed, pasts, curves   ten thousand jobs with invented pasts, for load

Only trainer, lessons, objectives and model know numpy; the server process never loads it, unless
a measure of the graders asks for a library that does.
Nothing here imports the dashboard, and the dashboard imports nothing of it.
"""
