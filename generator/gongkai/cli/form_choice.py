"""Choosing one of several forms by questions in words, on a terminal."""

import sys
from collections.abc import Mapping, Sequence

import click

from gongkai.authoring.form_questions import next_question
from gongkai.model.forms import Form

_ANSWERS = click.Choice(("是", "否", "y", "n"), case_sensitive=False)


def can_ask() -> bool:
    """Return whether somebody sits at a terminal who can answer."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def choose_form(forms: Sequence[Form], words: Mapping[str, str]) -> Form:
    """Return the form that the answers lead to; forms that look the same are listed by name."""
    click.echo(
        f"{forms[0].kind}有 {len(forms)} 种，看着本地的表回答几句（Ctrl+C 退出）：", err=True
    )
    remaining = tuple(forms)
    while len(remaining) > 1:
        question = next_question(remaining, words)
        if question is None:
            remaining = (_choose_by_name(remaining),)
        else:
            answer = click.prompt(
                f"{question.text}（是/否）", type=_ANSWERS, show_choices=False, err=True
            )
            remaining = question.yes if answer in {"是", "y"} else question.no
    click.echo(f"用“{remaining[0].name}”（{remaining[0].id}）", err=True)
    return remaining[0]


def _choose_by_name(forms: Sequence[Form]) -> Form:
    for number, form in enumerate(forms, 1):
        click.echo(f"  {number}  {form.name}（{form.id}）", err=True)
    number = click.prompt("是哪一种，写序号", type=click.IntRange(1, len(forms)), err=True)
    return forms[number - 1]
