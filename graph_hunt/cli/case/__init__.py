"""`case`: a hunt from its trigger to the response, and what was learned."""

import typer

from graph_hunt.cli.case import collecting, containing, opening, reporting, sharing, showing, working

app = typer.Typer(no_args_is_help=True, help="Cases: opened, worked on, answered, closed.")
for name, command in (
    ("new", opening.new),
    ("list", opening.list_cases),
    ("show", showing.show),
    ("run", working.run),
    ("judge", working.judge),
    ("pin", working.pin),
    ("note", working.note),
    ("hypothesis", working.hypothesis),
    ("view", working.view),
    ("respond", containing.respond),
    ("recommend", containing.recommend),
    ("learn", containing.learn),
    ("collection", collecting.collection),
    ("hosts", collecting.hosts),
    ("report", reporting.report),
    ("export", sharing.export),
    ("withdraw", working.withdraw),
    ("change", opening.change),
    ("close", opening.close),
    ("reopen", opening.reopen),
):
    app.command(name)(command)
