"""What forms share: the summary of what is wrong, on top, each line leading to its field."""

from collections.abc import Mapping

from dash import html


def error_summary(title: str, problems: Mapping[str, str], field_ids: Mapping[str, str]) -> list:
    """`field_ids`: a field's name → the id of its input; a problem of no field is told without a link."""
    links = [
        html.Li(
            html.A(problem, href=f"#{field_ids[field]}", **{"data-field": field_ids[field]})
            if field in field_ids
            else problem
        )
        for field, problem in problems.items()
    ]
    return [html.H3(title), html.Ul(links)]
